import { choice, flag, optionalForm, optionalIds, section, text } from "./_kinds.ts";

/** Keys of the channels; see `schema.ts`. */
export const channels = section({
  telegram: section({
    enabled: flag(false, "The gateway listens to Telegram."),
    token: text(
      "",
      "Token of the bot; `clambot channels connect telegram` keeps it in the vault.",
      {
        secret: true,
      },
    ),
    allowFrom: optionalIds(
      "Ids of the people who may write; left out: whoever has a code of yours; `[]`: everybody, as " +
        "a guest.",
    ),
    proxy: optionalForm(
      "an address such as http://127.0.0.1:3128 or socks5://127.0.0.1:1080",
      isProxy,
      "HTTP or SOCKS proxy on the way to Telegram.",
    ),
    apiRoot: optionalForm(
      "an address such as https://api.telegram.org",
      isWebAddress,
      "Address of the Bot API, in place of Telegram's own.",
    ),
    format: choice(
      ["entities", "markdownv2"],
      "entities",
      "How styles are told to Telegram; what people see is the same.",
    ),
    replyToMessage: flag(
      false,
      "Answers in private chats stand as replies; in groups they always do.",
    ),
  }),
});

function isWebAddress(value: string): boolean {
  return value === "" || URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function isProxy(value: string): boolean {
  return value === "" ||
    URL.canParse(value) && /^(https?|socks5h?):$/.test(new URL(value).protocol);
}
