export type { Period } from "./calendar-period.ts";
export { DEMO_OUTPUT_KEY } from "./demo/seal.ts";
export {
  demoHistory,
  type DemoHistory,
  type DemoHistoryOptions,
  type DemoPipeline,
} from "./demo/demo-history.ts";
export type { Dialect, RunAnswer } from "./dialect.ts";
export type { LoggedRequest } from "./exchange.ts";
export type { Fault, FaultController, FaultOrder, FaultPlan, StatusFault } from "./faults.ts";
export { startSandbox, type Clock, type Sandbox, type SandboxOptions } from "./sandbox.ts";
export {
  SourceHistory,
  type KnownTask,
  type LastRun,
  type PeriodStats,
  type WindowStats,
} from "./source-history.ts";
export type { RunFigures, SubjectKind } from "./statistics.ts";
export type { TaskRunRow } from "./task-run-row.ts";
