// How the files of tests/attacks meet the binary; `deno task attack` runs them.

/** Runs itself with the binary, has its rows tried by another file, or is none of the binary's. */
export type Meeting = "itself" | { readonly by: string } | { readonly not: string };

const ITS_PARTS = "puts parts of the program together in ways that the program itself never does: ";

export const ATTACK_FILES: Readonly<Record<string, Meeting>> = {
  "A144_secret_binding_test.ts": {
    not:
      "needs public servers that lead to each other, which tests do not reach; what the binary sends " +
      "of a secret is in flows/secrets_use_test.ts",
  },
  "A167_every_feature_test.ts": "itself",
  "A255_canary_test.ts": "itself",
  "A257_obeying_model_test.ts": "itself",
  "A266_core_walls_test.ts": {
    not: ITS_PARTS +
      "it breaks the file tool to see the core's wall; flows/walls_test.ts tries the " +
      "walls of the binary",
  },
  "T12_changed_arguments_test.ts": "itself",
  "T13_prompt_text_test.ts": {
    not: "looks at the text of one question; flows/terminal_test.ts sees questions of the binary",
  },
  "T21_addresses_test.ts": { by: "addresses_test.ts" },
  "T21_hostile_servers_test.ts": { by: "servers_test.ts" },
  "T21_slow_headers_test.ts": { by: "servers_test.ts" },
  "T22_proxy_environment_test.ts": { by: "servers_test.ts" },
  "T23_rebinding_test.ts": { by: "addresses_test.ts" },
  "T24_credentials_test.ts": {
    not:
      "needs public servers that lead to each other, which tests do not reach; redirects of the " +
      "binary are in addresses_test.ts",
  },
  "T25_changed_meanwhile_test.ts": {
    not: ITS_PARTS + "it changes a file between the question and the yes",
  },
  "T25_file_races_test.ts": { by: "files_test.ts" },
  "T25_linked_home_test.ts": { by: "files_test.ts" },
  "T25_swapped_links_test.ts": { by: "files_test.ts" },
  "T28_secrets_kept_test.ts": "itself",
  "T31_spoofed_system_text_test.ts": "itself",
  "T32_memory_poisoning_test.ts": {
    not: ITS_PARTS + "a person who says yes to a page; A257 tries to poison the binary's memory",
  },
  "sandbox_bridge_test.ts": "itself",
  "sandbox_core_test.ts": {
    not: ITS_PARTS +
      "a sandbox in a core that may read one file alone; in the binary there is none",
  },
  "sandbox_errors_test.ts": "itself",
  "sandbox_escape_test.ts": "itself",
  "sandbox_leftovers_test.ts": {
    not:
      "looks at one process for each kind; with the binary every list of programs ends with the " +
      "same look (sandbox_binary.ts)",
  },
  "sandbox_loops_test.ts": "itself",
  "sandbox_memory_test.ts": "itself",
  "sandbox_results_test.ts": "itself",
  "sandbox_stack_test.ts": "itself",
};
