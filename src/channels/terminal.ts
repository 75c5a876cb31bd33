// The channel that every command has. It stands apart from the list of all channels, so that an
// answer at a terminal does not wait for the code of the others.
export { createTerminalApprover } from "./terminal/approver.ts";
export {
  askSecretHosts,
  askSecretValue,
  createTerminalSecretAsker,
} from "./terminal/secret_asker.ts";
export { askHidden, askText, chooseOne, confirmed } from "./terminal/questions.ts";
