import fc from "fast-check";

// Everywhere else each run tries other histories; what lands must not depend on chance.
if (process.env["CI"]) {
  fc.configureGlobal({ seed: 20_261_123 });
}
