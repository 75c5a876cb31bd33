// Every way in which people can be heard and asked. A new channel is a folder and a line here.
export { renderPlain } from "./telegram/text/render.ts";
export { createLoopbackChannel, type LoopbackChannel } from "./loopback/loopback.ts";
export { createTelegramChannel, type TelegramPorts } from "./telegram/telegram.ts";
export { openBotApi, TELEGRAM_API } from "./telegram/api.ts";
export { createTerminalApprover } from "./terminal/approver.ts";
export {
  askSecretHosts,
  askSecretValue,
  createTerminalSecretAsker,
} from "./terminal/secret_asker.ts";
export { askHidden, askText, chooseOne, confirmed } from "./terminal/questions.ts";
