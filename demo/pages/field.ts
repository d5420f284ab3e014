import { attributes, type Html, html } from './html';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  /** The message of an invalid value. */
  readonly problem?: string;
  readonly hint?: string;
  readonly maxlength?: number;
}

export interface InputField extends Field {
  readonly type: 'email' | 'password' | 'text';
  readonly autocomplete: string;
  readonly minlength?: number;
}

export function inputField({ type, autocomplete, minlength, value, ...field }: InputField): Html {
  const own = { type, autocomplete, minlength, value, autocapitalize: type === 'text' ? undefined : 'none' };
  return labelled(field, html`<input${attributes({ ...common(field), ...own, required: true })}>`);
}

export function textField({ rows, ...field }: Field & { readonly rows: number }): Html {
  // HTML parsers drop a line break after the start tag; without this one they would drop the first of the text.
  return labelled(field, html`<textarea${attributes({ ...common(field), rows })}>${'\n'}${field.value}</textarea>`);
}

export function checkbox({ name, label, checked }: { name: string; label: string; checked: boolean }): Html {
  const box = html`<input${attributes({ type: 'checkbox', name, value: 'yes', checked })}>`;
  return html`<label class="check">${box} ${label}</label>`;
}

/** Shows a problem of the whole form above it; screen readers read it out. */
export function alert(problem: string | undefined): Html {
  return html`${problem !== undefined && html`<p class="alert" role="alert">${problem}</p>`}`;
}

function common({ name, problem, hint, maxlength }: Field) {
  const describedBy = [problem && `${name}-problem`, hint && `${name}-hint`].filter(Boolean).join(' ');
  return {
    id: name,
    name,
    maxlength,
    'aria-invalid': problem !== undefined && 'true',
    'aria-describedby': describedBy || undefined,
  };
}

function labelled({ name, label, hint, problem }: Field, control: Html): Html {
  return html`<div class="field">
      <label for="${name}">${label}</label>
      ${control}
      ${problem !== undefined && html`<p class="problem" id="${name}-problem">${problem}</p>`}
      ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    </div>`;
}
