export type { Period } from "./source/calendar-period.ts";
export { DEMO_OUTPUT_KEY } from "./demo/seal.ts";
export {
  demoHistory,
  type DemoHistory,
  type DemoHistoryOptions,
  type DemoPipeline,
} from "./demo/demo-history.ts";
export type { Dialect, RunAnswer } from "./server/dialect.ts";
export type { LoggedRequest } from "./server/handle-request.ts";
export type { Fault, FaultController, FaultOrder, FaultPlan, StatusFault } from "./server/faults.ts";
export { startSandbox, type Clock, type Sandbox, type SandboxOptions } from "./server/sandbox.ts";
export {
  SourceHistory,
  type KnownTask,
  type LastRun,
  type PeriodStats,
  type WindowStats,
} from "./source/source-history.ts";
export type { RunFigures, SubjectKind } from "./source/run-figures.ts";
export type { TaskRunRow } from "./source/task-run-row.ts";
