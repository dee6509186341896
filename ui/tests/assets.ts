/** The built screens, with the headers of the server. */
import type { ServerResponse } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";

const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const types: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

export function file(response: ServerResponse, path: string): void {
  const out = resolve(process.env["UI_OUT"] ?? "dist");
  const asset = join(out, path.replace(/^\/ui/, ""));
  const found = extname(asset) !== "" && asset.startsWith(out) && existsSync(asset) ? asset : extname(path) === "" || path.startsWith("/ui/topics/") ? join(out, "index.html") : null;
  response.writeHead(found ? 200 : 404, { "Content-Type": types[extname(found ?? "")] ?? "text/plain", "Content-Security-Policy": csp, "X-Content-Type-Options": "nosniff" });
  response.end(found ? readFileSync(found) : "not found");
}
