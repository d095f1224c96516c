import type { FormLanguage, FormText } from "./form.ts";

/** What the layout itself says, whatever the form. */
interface FormWords {
  readonly yes: string;
  readonly no: string;
  /** Between a label and its value. */
  readonly colon: string;
  readonly notOnForm: string;
  readonly more: (count: number) => string;
  /** Beside the identifier of one that the ledger knows. */
  readonly participant: string;
  /** Before a name that nobody but its bearer, or the document, gives. */
  readonly callsItself: string;
}

/** Those words in a language. */
export const formWords: Readonly<Record<FormLanguage, FormWords>> = {
  en: {
    yes: "Yes",
    no: "No",
    colon: ": ",
    notOnForm: "Further particulars that the form has no box for",
    more: (count) => `… and ${count} more`,
    participant: "participant of the ledger",
    callsItself: "Calls itself, not verified",
  },
  fr: {
    yes: "Oui",
    no: "Non",
    colon: " : ",
    notOnForm: "Autres mentions pour lesquelles le formulaire n’a pas de case",
    more: (count) => `… et ${count} de plus`,
    participant: "participant du registre",
    callsItself: "Se nomme lui-même, sans vérification",
  },
  es: {
    yes: "Sí",
    no: "No",
    colon: ": ",
    notOnForm: "Otros datos para los que el formulario no tiene casilla",
    more: (count) => `… y ${count} más`,
    participant: "participante del registro",
    callsItself: "Se llama a sí mismo, sin verificar",
  },
  zh: {
    yes: "是",
    no: "否",
    colon: "：",
    notOnForm: "表格中无对应栏目的其他内容",
    more: (count) => `……另有 ${count} 项`,
    participant: "账本参与方",
    callsItself: "自称（未经核实）",
  },
};

/** The same text in every language: for what somebody wrote in one. */
export function inEveryLanguage(text: string): FormText {
  return { en: text, fr: text, es: text, zh: text };
}
