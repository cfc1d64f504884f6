// An SMTP server in a process of its own that takes every message and forgets it. Sends its URL to whoever forked it.
import { SMTPServer } from "smtp-server";

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onData(stream, _session, done) {
    stream.resume().on("end", () => done());
  },
});
server.listen(0, "127.0.0.1", () => {
  const address = server.server.address();
  process.send?.(`smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
});
process.on("disconnect", () => process.exit());
