import { defineTests } from "./src/define-tests.ts";

export default defineTests({ setupFiles: "./src/property-seed.ts", include: ["test/*.test.ts"] });
