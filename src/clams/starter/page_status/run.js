// deno-lint-ignore-file
async function run({ url }) {
  try {
    const { status, final_url } = await http_request({ method: "GET", url });
    const verdict = status < 400 ? "it is up" : "it is reachable but refuses or fails";
    const moved = final_url === url || final_url === `${url}/` ? "" : `, at ${final_url}`;
    return {
      reply: `${url} answers with the status ${status}${moved}: ${verdict}.`,
      data: { status },
    };
  } catch (error) {
    if (error.code !== "network_failed" && error.code !== "tool_timeout") throw error;
    return { reply: `${url} does not answer: ${error.message}`, data: { status: null } };
  }
}
