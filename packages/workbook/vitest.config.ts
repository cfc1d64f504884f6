import { defineTests } from "@runledger/testing/define-tests";

export default defineTests();
