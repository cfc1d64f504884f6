-- A week without a verdict has attained nothing, and times are exact to the microsecond.

comment on column runledger.sla_results.good         is 'Good events; seconds for freshness, exact to the microsecond.';
comment on column runledger.sla_results.total        is 'Events that count; seconds for freshness, exact to the microsecond.';
comment on column runledger.sla_results.attained     is 'good / total; null when total is 0, and in a week that is not in force or has insufficient data.';
comment on column runledger.sla_results.attained_raw is 'The same with no exclusions.';
comment on column runledger.sla_results.budget_left  is '1 - burn_rate; negative when overspent; null at a target of 100 % and where attained is null.';
comment on column runledger.sla_results.burn_rate    is '(1 - attained) / (1 - target); null at a target of 100 % and where attained is null.';
comment on column runledger.sla_results.attained_4w  is 'Good over total, both pooled over this week and the three before it, as far as they are in force and covered.';

comment on column runledger.incidents.opened_at  is 'First bad event. An incident that began more than 13 weeks before a report shows from there on.';
comment on column runledger.incidents.closed_at  is 'Next good event; null while no report has seen one.';
