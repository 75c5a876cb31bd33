// Every way in which people can be heard and asked. A new channel is a folder and a line here.
export { createTerminalApprover } from "./terminal/approver.ts";
export { askHidden, askText, chooseOne, confirmed } from "./terminal/questions.ts";
