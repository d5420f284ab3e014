import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import type { Check } from '../check';

const check: Check = async ({ document }) => {
  expect((await new Validator().validate(structuredClone(document))).errors).to.equal(undefined);
  const { requestBody, responses } = document.paths['/notes'].post;
  expect(requestBody.content['application/json'].schema).to.deep.equal({ $ref: '#/components/schemas/NoteDraft' });
  expect(responses['201'].content['application/json'].schema).to.deep.equal({ $ref: '#/components/schemas/Note' });
  expect(document.components.schemas.NoteDraft).to.deep.include({ required: ['text'] });
  expect(document.components.schemas.NoteDraft.properties.text).to.include({ minLength: 1, maxLength: 200 });
};

export default check;
