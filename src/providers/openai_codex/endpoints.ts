/** Who logs people in with their ChatGPT account. */
export const ISSUER = "https://auth.openai.com";

/** The id under which OpenAI knows programs that use the Codex login. */
export const CLIENT_ID = "app_EMoamEEZ73f0CkXaXp7hrann";

/** Where the browser comes back to; registered with the client id, so it cannot be another. */
export const CALLBACK = { port: 1455, path: "/auth/callback" } as const;

export const REDIRECT_URI = `http://localhost:${CALLBACK.port}${CALLBACK.path}`;

/** How the program introduces itself. */
export const ORIGINATOR = "clambot";

/** Where answers come from: the configured address is the whole one, or lacks its last word. */
export function responsesUrl(baseUrl: string): string {
  return /\/responses$/.test(baseUrl) ? baseUrl : `${baseUrl}/responses`;
}

/** Where the list of models is: beside the answers. */
export function modelsUrl(baseUrl: string): string {
  return `${responsesUrl(baseUrl).replace(/\/responses$/, "")}/models?client_version=0.0.0`;
}
