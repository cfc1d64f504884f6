export {
  type Mail,
  type MailOptions,
  composeMail,
  largestAttachment,
  senderAddress,
} from "./compose-mail.ts";
export { DkimKeyError, createSigner } from "./dkim.ts";
export { type Html, html, joined } from "./html.ts";
export { darkVerdicts } from "./mail-styles.ts";
export { messageIdOf } from "./message-id.ts";
export { type Notice, type Trouble, noticeMessage } from "./notice.ts";
