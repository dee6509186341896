/**
 * CodeMirror, in a shadow root: only there does it use constructed style sheets, which a strict style-src allows.
 * This module is the only one that imports it, so that it is fetched when somebody edits and not before.
 */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, bracketMatching, codeFolding, foldGutter, foldKeymap, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { nameOf } from "../text.ts";

export interface Editor {
  goTo: (at: number) => void;
  focus: () => void;
  destroy: () => void;
}
export interface Options {
  text: string;
  label: string;
  language: "json" | "none";
  changed: (text: string) => void;
  /** Ctrl+Enter */
  submit: () => void;
}

// Monochrome: every hue on a screen is a state. Custom properties reach through the shadow boundary.
const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--sheet)", fontSize: "0.75rem", maxHeight: "60vh" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.1875rem" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--ink-2)", backgroundColor: "var(--well)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-selectionMatch": { backgroundColor: "var(--picked)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--picked)", outline: "1px solid var(--edge)" },
  ".cm-specialChar": { color: "var(--ink-2)", border: "1px solid var(--edge)", borderRadius: "3px", padding: "0 2px", fontSize: "0.6875rem" },
  ".cm-foldPlaceholder": { color: "var(--ink-2)", backgroundColor: "var(--well)", border: "1px solid var(--line)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--well)" },
  ".cm-panels button, .cm-panels input": { color: "var(--ink)", backgroundColor: "var(--sheet)", backgroundImage: "none", border: "1px solid var(--edge)" },
  ".cm-searchMatch": { backgroundColor: "var(--decide-tint)", outline: "1px solid var(--decide)" },
});
const weights = HighlightStyle.define([
  { tag: tags.propertyName, fontWeight: "700" },
  { tag: [tags.null, tags.bool], fontStyle: "italic" },
  { tag: [tags.separator, tags.brace, tags.squareBracket], color: "var(--ink-2)" },
]);

/** Hidden characters are seen and can be deleted, as they are in the views. */
function special(code: number): HTMLElement {
  const mark = document.createElement("span");
  mark.className = "cm-specialChar";
  mark.textContent = nameOf(String.fromCodePoint(code));
  return mark;
}

/**
 * Chromium keeps the look of a selection that is typed over by writing a style attribute, which the policy refuses and
 * the console reports. So replacing a selection is our own change and not the browser's.
 */
const replaceSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== "insertText" || event.data === null || view.composing || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data), { scrollIntoView: true, userEvent: "input.type" });
    return true;
  },
});

export function mount(host: HTMLElement, options: Options): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const state = EditorState.create({
    doc: options.text,
    extensions: [
      lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), search({ top: true }), highlightSelectionMatches(),
      highlightSpecialChars({ render: special }), EditorView.lineWrapping, indentUnit.of("  "), replaceSelection, look, syntaxHighlighting(weights),
      ...(options.language === "json" ? [json(), codeFolding(), foldGutter()] : []),
      keymap.of([{ key: "Mod-Enter", run: () => (options.submit(), true) }, ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...foldKeymap]),
      EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) options.changed(update.state.doc.toString());
      }),
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  return {
    goTo: (at) => {
      view.dispatch({ selection: { anchor: Math.min(at, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
