/** Scenarios for clients that are not run, and why; docs/mcp.md says the same. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "elicitation-sep1034-client-defaults": "servers' questions to the person are refused",
  "auth/basic-cimd": "it wants a client id that is a public address; ClamBot registers itself",
  "auth/scope-step-up": "a login asks for the scopes named at its start, not for those of a call",
  "auth/pre-registration": "no key of the configuration holds a client id made beforehand",
  "auth/2025-03-26-oauth-metadata-backcompat":
    "its metadata name another issuer than the one asked, which RFC 8414 has clients refuse",
  "auth/client-credentials-jwt": "an extension for programs that log in without a person",
  "auth/client-credentials-basic": "an extension for programs that log in without a person",
  "auth/cross-app-access-complete-flow": "an extension for logins that a company hands on",
};
