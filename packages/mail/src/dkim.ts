import { createPrivateKey, type KeyObject } from "node:crypto";
import { buffer } from "node:stream/consumers";
import DKIM from "nodemailer/lib/dkim";

/** What was given as the key of a DKIM signature is not a key. The message says how to make one, and never shows what was given. */
export class DkimKeyError extends Error {
  override name = "DkimKeyError";
}

export interface DkimOptions {
  domain: string;
  selector: string;
  /** PEM. */
  privateKey: string;
}

/** What receivers read; RFC 8058 wants both List-Unsubscribe headers signed. */
const SIGNED_HEADERS =
  "From:To:Cc:Subject:Date:Message-ID:References:MIME-Version:Content-Type:" +
  "Auto-Submitted:List-Unsubscribe:List-Unsubscribe-Post";

/**
 * Signs whole messages with DKIM (rsa-sha256, relaxed). The same message is signed with the same bytes.
 *
 * @throws DkimKeyError when the key cannot sign.
 */
export function createSigner({
  domain,
  selector,
  privateKey,
}: DkimOptions): (message: Buffer) => Promise<Buffer> {
  const dkim = new DKIM({
    domainName: domain,
    keySelector: selector,
    privateKey: rsaKey(privateKey),
    headerFieldNames: SIGNED_HEADERS,
  });
  return (message) => buffer(dkim.sign(message));
}

/** nodemailer leaves a message unsigned when the key is of another kind. */
function rsaKey(pem: string): KeyObject {
  const key = readKey(pem);
  if (key?.asymmetricKeyType !== "rsa") {
    throw new DkimKeyError(
      "DKIM_PRIVATE_KEY is no RSA private key in PEM form; make one with openssl genrsa -out dkim.pem 2048 and set " +
        "DKIM_PRIVATE_KEY_FILE=dkim.pem",
    );
  }
  return key;
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    // The cause would show what is in the variable.
    return null;
  }
}
