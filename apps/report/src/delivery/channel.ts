/** What reports leave by, as the ledger has it. */
export const channelNames = ["email"] as const;

export type ChannelName = (typeof channelNames)[number];
