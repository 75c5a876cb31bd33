import { CodedError } from "../../../domain/failure.ts";
import type { JsonObject } from "../../../domain/json.ts";
import type { CliContext, End } from "../../context.ts";
import { leftOpen } from "../../options.ts";
import { describeSurvey, surveyedJson } from "../../server_text.ts";
import { formatJson } from "../../stores.ts";
import { withServers } from "../../with_servers.ts";

/** What `mcp approve` is told. */
export interface ApproveOptions {
  readonly typesOnly?: true | undefined;
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

/** Shows everything that an approval covers, and what changed in it; then asks. */
export async function approveServer(
  name: string,
  { typesOnly, yes, json }: ApproveOptions,
  context: CliContext,
  end: End,
): Promise<void> {
  const { terminal } = context;
  if (json && !yes) throw new CodedError("usage", "--json needs --yes here.");
  await withServers(context, async (servers, { audit, redactor }, signal) => {
    const survey = await servers.survey(name, signal);
    const text = await describeSurvey(survey);
    if (!json) terminal.out(text);
    const wording = typesOnly !== true;
    if (!yes) await askYes(name, wording, context);
    await servers.approve(survey, wording);
    const tools = survey.tools.map((tool) => surveyedJson(name, tool));
    await audit.record("server_approved", redactor.clean({ server: name, wording, tools }));
    if (json) terminal.out(formatJson({ server: name, wording, tools } as JsonObject));
    else terminal.out(`${tools.length} tools of ${name} are approved as they are now.\n`);
  });
  end(0);
}

async function askYes(name: string, wording: boolean, { terminal }: CliContext): Promise<void> {
  if (!terminal.interactive) {
    const message = `Approving the tools of ${name} needs your yes.`;
    throw new CodedError("approval_needed", message, "Run it in a terminal, or add --yes.");
  }
  const { confirmed } = await import("../../../channels/terminal.ts");
  const what = wording
    ? "The descriptions above will stand in prompts, word for word.\n"
    : "Models will get names and types of these tools, and nothing else of the above.\n";
  if (!await confirmed(`May programs use these tools of ${name}?`, what)) throw leftOpen();
}
