import { domainToASCII } from "node:url";

/**
 * The address as servers are told it: its domain in ASCII (IDNA, lower case), its local part as written, for only the
 * receiving server knows what that means. As written where it has no such domain.
 */
export function asciiAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = domainToASCII(address.slice(at + 1).normalize("NFC"));
  return at === -1 || domain === "" ? address : `${address.slice(0, at + 1)}${domain}`;
}

/** The same for every spelling of a recipient: for comparing, not for sending to. */
export function recipientKey(address: string): string {
  return asciiAddress(address).toLowerCase();
}

/** Recipients, each once however it is spelled, as first spelled. */
export function distinctRecipients(addresses: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const address of addresses) {
    const key = recipientKey(address);
    if (!known.has(key)) known.set(key, asciiAddress(address));
  }
  return [...known.values()];
}
