/** A UUID is so many bytes; they compare as the texts do. */
export const uuidBytes = 16;

/** The UUID whose bytes begin at `at`, as `7b1c0f7e-0000-4000-8000-000000000001`. */
export function toUuid(bytes: Uint8Array, at = 0): string {
  const hex = (index: number) => hexOfBytes[bytes[at + index] ?? 0] ?? "";
  return (
    `${hex(0)}${hex(1)}${hex(2)}${hex(3)}-${hex(4)}${hex(5)}-${hex(6)}${hex(7)}-` +
    `${hex(8)}${hex(9)}-${hex(10)}${hex(11)}${hex(12)}${hex(13)}${hex(14)}${hex(15)}`
  );
}

const hexOfBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
