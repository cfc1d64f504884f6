import { createHmac, timingSafeEqual } from "node:crypto";

/** Who wants no more mails of which agreement. */
export interface Unsubscription {
  agreement: string;
  recipient: string;
}

/** `https://…?token=…`: whoever has it may stop this recipient's mails of this agreement, and nothing else. */
export function unsubscribeLink(url: string, secret: string, unsubscription: Unsubscription): string {
  return `${url}${url.includes("?") ? "&" : "?"}token=${tokenOf(secret, unsubscription)}`;
}

/** What a link's token says; null when it was not made with this secret. */
export function readToken(token: string, secret: string): Unsubscription | null {
  const [agreement = "", address = ""] = token.split(".");
  const unsubscription = { agreement, recipient: Buffer.from(address, "base64url").toString() };
  return isSame(token, tokenOf(secret, unsubscription)) ? unsubscription : null;
}

/** `agreement.address.signature`; only the agreement is readable, so that addresses do not stand in access logs. */
function tokenOf(secret: string, { agreement, recipient }: Unsubscription): string {
  const content = `${agreement}.${Buffer.from(recipient).toString("base64url")}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
