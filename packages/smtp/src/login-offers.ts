/** Learns from the server's own words which logins it offers: nodemailer's errors do not say it. */
export class LoginOffers {
  #offered: readonly string[] = [];

  /** For nodemailer's `logger`, together with `debug: true`. Nothing but the server's list of logins is kept. */
  readonly logger = {
    level: () => {},
    trace: () => {},
    debug: (entry: unknown, message?: unknown): void => this.#hear(entry, message),
    info: () => {},
    warn: () => {},
    error: () => {},
    fatal: () => {},
  };

  /** `PLAIN`, `XOAUTH2`, …; empty as long as the server has named none. */
  get offered(): readonly string[] {
    return this.#offered;
  }

  #hear(entry: unknown, message: unknown): void {
    const { tnx }: { tnx?: unknown } = Object(entry);
    const [, list] = (tnx === "server" && AUTH_LINE.exec(String(message))) || [];
    if (list !== undefined) {
      this.#offered = list.trim().toUpperCase().split(/\s+/u);
    }
  }
}

const AUTH_LINE = /^250[ -]AUTH[ =](.*)$/imu;
