import { defineTests } from "@runledger/testing/define-tests";

export default defineTests({
  globalSetup: "@runledger/history/testing/global-setup",
  testTimeout: 120_000,
});
