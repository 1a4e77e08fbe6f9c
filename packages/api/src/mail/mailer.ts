import type { Log } from '@switchyard/core/kernel';
import { createTransport, type Transporter } from 'nodemailer';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text; links stand on lines of their own. */
  readonly text: string;
}

/** Whether a mail is on its way; else what to tell the person who waits for it. */
export type MailOutcome = { readonly isSent: true } | { readonly isSent: false; readonly problem: string };

/** How mail is sent; `url` holds a password. */
export interface MailSettings {
  readonly url: string;
  /** As `Switchyard <switchyard@example.com>` or the address alone. */
  readonly from: string;
}

const deadlineMs = 10_000;

function hasPasswordForElsewhere(url: string): boolean {
  const { protocol, username, hostname } = new URL(url);
  return protocol === 'smtp:' && username !== '' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** Sends mail through the operator's SMTP server, when there is one. Never throws: what was asked for has happened already. */
export class Mailer {
  readonly #transport: Transporter | undefined;
  readonly #from: string;
  readonly #log: Log;

  constructor(settings: MailSettings | undefined, log: Log) {
    this.#log = log;
    this.#from = settings?.from ?? '';
    this.#transport =
      settings &&
      createTransport(
        {
          url: settings.url,
          connectionTimeout: deadlineMs,
          greetingTimeout: deadlineMs,
          socketTimeout: deadlineMs,
          // A password goes over the network encrypted or not at all.
          requireTLS: hasPasswordForElsewhere(settings.url),
          disableFileAccess: true,
          disableUrlAccess: true,
        },
        { from: settings.from },
      );
  }

  get isConfigured(): boolean {
    return this.#transport !== undefined;
  }

  /** Hands a mail to the SMTP server and waits for its word. */
  async send(mail: Mail): Promise<MailOutcome> {
    if (!this.#transport)
      return { isSent: false, problem: 'This installation sends no mail. Copy the link and pass it on.' };
    try {
      await this.#transport.sendMail({
        from: this.#from,
        to: { name: '', address: mail.to },
        subject: mail.subject,
        text: mail.text,
      });
      return { isSent: true };
    } catch (error) {
      // The server's words may hold the address or what was sent; the code alone tells operators where to look.
      const { code, responseCode } = error as { code?: string; responseCode?: number };
      this.#log.warn({ code, responseCode, subject: mail.subject.slice(0, 40) }, 'a mail was not sent');
      const reason = responseCode === undefined ? (code ?? 'no answer') : `answer ${responseCode}`;
      return {
        isSent: false,
        problem: `The mail server did not take the mail (${reason}). Copy the link and pass it on, or try again later.`,
      };
    }
  }

  close(): void {
    this.#transport?.close();
  }
}
