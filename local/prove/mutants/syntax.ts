/** What mutants ask of a syntax tree. */
import ts from 'typescript';

const LOGICAL: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
]);
const COMPARING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

/** The syntax tree of a module. */
export const parse = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

/** The node and all within it. */
export const within = (node: ts.Node): readonly ts.Node[] => {
  const nodes: ts.Node[] = [];
  const visit = (one: ts.Node): void => {
    nodes.push(one);
    ts.forEachChild(one, visit);
  };
  visit(node);
  return nodes;
};

/** The statements of a module, and of those that declare variables the declarations. */
export const atTop = (module: ts.SourceFile): readonly ts.Node[] =>
  module.statements.flatMap((statement): readonly ts.Node[] =>
    ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement],
  );

/** The name that a function, class, method, variable or property is declared by. */
export function declaredName(node: ts.Node): string | undefined {
  const isDeclaration =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node);
  if (!isDeclaration || node.name === undefined) return undefined;
  return ts.isMemberName(node.name) || ts.isStringLiteral(node.name) ? node.name.text : undefined;
}

/** The name by which an expression uses a value: `allowed` in `allowed`, and in `demand.allowed`. */
export function usedName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (!ts.isIdentifier(node)) return undefined;
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return node.text;
  const isName = 'name' in parent && parent.name === node;
  const isOldName = 'propertyName' in parent && parent.propertyName === node;
  return isName || isOldName || ts.isTypeNode(parent) || ts.isQualifiedName(parent) ? undefined : node.text;
}

/** Whether it has all these in it: names, and whole strings or numbers. */
export function mentions(node: ts.Node, names: readonly string[]): boolean {
  const texts = within(node).map((one) =>
    ts.isMemberName(one) || ts.isLiteralExpression(one) ? one.text : undefined,
  );
  return names.every((name) => texts.includes(name));
}

/** Those that have no other of them within them. */
export const innermost = (nodes: readonly ts.Node[]): readonly ts.Node[] =>
  nodes.filter(
    (node) => !nodes.some((other) => other !== node && node.pos <= other.pos && other.end <= node.end),
  );

const isLogical = (node: ts.Node): boolean =>
  ts.isBinaryExpression(node) && LOGICAL.has(node.operatorToken.kind);
const isNegation = (node: ts.Node): boolean =>
  ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken;

/** A comparison, a logical expression or an operand of one, or what `if`, `while` or `?` tests. */
export function isCondition(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && COMPARING.has(node.operatorToken.kind)) return true;
  if (isLogical(node) || isNegation(node)) return true;
  const { parent } = node;
  if (!ts.isExpression(node)) return false;
  if (isLogical(parent) || isNegation(parent)) return true;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent))
    return parent.expression === node;
  return ts.isConditionalExpression(parent) && parent.condition === node;
}

/** The one branch of `? :` that mentions these, if the other does not. */
export function branchWith(node: ts.Node, names: readonly string[]): ts.Expression | undefined {
  if (!ts.isConditionalExpression(node)) return undefined;
  const branches = [node.whenTrue, node.whenFalse].filter((branch) => mentions(branch, names));
  return branches.length === 1 ? branches[0] : undefined;
}

/** The elements, properties or arguments it is one of. */
export function listWith(node: ts.Node): ts.NodeArray<ts.Node> | undefined {
  const { parent } = node;
  if (ts.isArrayLiteralExpression(parent)) return parent.elements;
  if (ts.isObjectLiteralExpression(parent)) return parent.properties;
  return ts.isCallExpression(parent) && parent.expression !== node ? parent.arguments : undefined;
}

/** A statement, or one of a list that can do without it. Without its callback a call would fail, whatever it means. */
export const isDispensable = (node: ts.Node): boolean =>
  ts.isStatement(node) ? !ts.isBlock(node) : !ts.isFunctionLike(node) && listWith(node) !== undefined;
