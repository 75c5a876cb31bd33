// House rules that `deno lint` can see in one file. Those that need the whole house are in
// tests/architecture_test.ts.

/** Endings of names that say what a thing does for a living instead of what it is. */
const JOB_TITLE = /(Manager|Service|Helpers?|Utils?|Processor|Handler)$/;
const JOB_FILE =
  /[_/](managers?|(?<!walls\/)services?|helpers?|utils?|processors?|handlers?|common|misc)\.ts$/;

/** Files that may name the runtime: its doors, and everything that is not the program itself. */
function mayNameRuntime(path: string): boolean {
  return !path.includes("/src/") ||
    /\/src\/(platform|walls)\/|\/src\/sandbox\/worker\.ts$|_test\.ts$|\/testdata\//.test(path);
}

const pathOf = (context: Deno.lint.RuleContext) => context.filename.replaceAll("\\", "/");

const noBarrels: Deno.lint.Rule = {
  create(context) {
    const isBarrel = /\/(mod|index)\.ts$/.test(pathOf(context));
    return {
      Program(node) {
        if (isBarrel) context.report({ node, message: "A file bears the name of its one thing." });
      },
      ExportAllDeclaration(node) {
        context.report({ node, message: "Import from the file where it is written." });
      },
    };
  },
};

const RUNTIME = [
  'MemberExpression[object.name="Deno"]',
  'CallExpression[callee.name="fetch"]',
  'MemberExpression[object.name="Date"][property.name="now"]',
  'MemberExpression[object.name="Math"][property.name="random"]',
  'NewExpression[callee.name="Date"][arguments.length=0]',
];

const noRuntimeNames: Deno.lint.Rule = {
  create(context) {
    if (mayNameRuntime(pathOf(context))) return {};
    const message = "Time, chance and the world come in by the door: ask for a port.";
    const report = (node: Deno.lint.Node) => context.report({ node, message });
    return Object.fromEntries(RUNTIME.map((selector) => [selector, report]));
  },
};

const noJobTitles: Deno.lint.Rule = {
  create(context) {
    const check = (node: { readonly id: Deno.lint.Identifier | null }) => {
      if (node.id && JOB_TITLE.test(node.id.name)) {
        context.report({ node: node.id, message: "Name the thing, not its job title." });
      }
    };
    return {
      Program(node) {
        if (JOB_FILE.test(pathOf(context))) {
          context.report({ node, message: "A file bears the name of its one thing." });
        }
      },
      ClassDeclaration: check,
      TSInterfaceDeclaration: check,
      TSTypeAliasDeclaration: check,
    };
  },
};

/** What Intl makes takes ten milliseconds and more: whoever starts the program would wait for it. */
const noIntlAtLoad: Deno.lint.Rule = {
  create(context) {
    if (!pathOf(context).includes("/src/") || /_test\.ts$/.test(pathOf(context))) return {};
    const maker = 'VariableDeclarator > NewExpression[callee.object.name="Intl"]';
    const report = (node: Deno.lint.Node) =>
      context.report({ node, message: "Made when it is used, it costs the start nothing." });
    return {
      [`Program > VariableDeclaration > ${maker}`]: report,
      [`Program > ExportNamedDeclaration > VariableDeclaration > ${maker}`]: report,
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "no-barrels": noBarrels,
    "no-runtime-names": noRuntimeNames,
    "no-job-titles": noJobTitles,
    "no-intl-at-load": noIntlAtLoad,
  },
};

export default plugin;
