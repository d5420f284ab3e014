import type { Account } from '../accounts/account';
import type { Problems } from '../http/validation';
import { alert, inputField, textField } from '../pages/field';
import { html } from '../pages/html';
import { page } from '../pages/layout';
import { longestText, longestTitle, type NoteDraft } from './note-draft';

interface NoteForm {
  /** The id of the note that is changed; undefined for a new note. */
  readonly id?: number;
  readonly problems?: Problems;
}

export function noteForm(account: Account, { title, text }: NoteDraft, { id, problems = {} }: NoteForm = {}): string {
  const path = id === undefined ? '/notes' : `/notes/${id}`;
  const heading = id === undefined ? 'New note' : 'Edit note';
  const titleField = {
    name: 'title',
    label: 'Title',
    type: 'text',
    autocomplete: 'off',
    maxlength: longestTitle,
  } as const;
  const content = html`<section class="card">
      <h1>${heading}</h1>
      ${alert(problems.form)}
      <form method="post" action="${path}">
        ${inputField({ ...titleField, value: title, problem: problems.title })}
        ${textField({ name: 'text', label: 'Text', rows: 12, maxlength: longestText, value: text, problem: problems.text })}
        <div class="actions"><button>Save</button> <a class="button secondary" href="${path}">Cancel</a></div>
      </form>
    </section>`;
  return page({ title: heading, visitor: account, content, narrow: true });
}
