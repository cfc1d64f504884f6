// One sender in a process of its own, to be killed: node send-process.ts '{"databaseUrl": …, "smtpUrl": …}'
import { openHistory } from "@runledger/history";
import { sendAll } from "./delivery-fixture.ts";

const { databaseUrl, ...sending } = JSON.parse(process.argv[2] ?? "{}");
await using history = await openHistory({ url: databaseUrl });
await sendAll({ ...sending, history });
