import { readFile } from 'node:fs/promises';
import { expect, test } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

const file = [
  'question,answer,topic',
  'What is 2 + 2?,4,numbers',
  'Only a question',
  'What is 3 + 4?,7,numbers',
  ',nothing is asked,numbers',
  ...Array.from({ length: 36 }, (_, index) => `Name a bird beginning with letter ${index}.,,birds-${index % 6}`),
].join('\n');

test('a file is imported with its wrong lines beside it, split, compared, found, downloaded and deleted', async ({
  signedInPage: page,
}) => {
  await page.goto('/datasets');
  await expect(page.getByRole('heading', { name: 'No datasets yet' })).toBeVisible();
  await page.getByRole('link', { name: 'Import a file' }).click();
  await expect(page.getByText('At most 50 MB')).toBeVisible();

  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'quiz.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await expect(page.getByText('41 lines')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Column question is' })).toHaveValue(/^Input/);
  await expect(page.getByRole('combobox', { name: 'Column answer is' })).toHaveValue(/^Expected/);
  await page.getByRole('combobox', { name: 'Column topic is' }).click();
  await page.getByRole('option', { name: /^Cluster/ }).click();
  const items = page.getByRole('region', { name: 'First items' });
  await expect(items.getByRole('columnheader', { name: 'Cluster' })).toBeVisible();

  const wrong = page.getByRole('list', { name: 'Lines that cannot be used' }).getByRole('listitem');
  await expect(wrong).toHaveCount(2);
  await expect(wrong.first()).toContainText('3');
  await expect(wrong.first()).toContainText('Only a question');
  await expect(wrong.first()).toContainText('It has 1 values, but there are 3 columns.');
  await expect(wrong.nth(1)).toContainText(',nothing is asked,numbers');
  expect(await violationsOf(page), 'import').toEqual([]);
  const importNow = page.getByRole('button', { name: 'Import', exact: true });
  await expect(importNow).toBeDisabled();
  await page.getByRole('switch', { name: 'Leave them out' }).check({ force: true });
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('quiz');
  await importNow.click();

  await expect(page.getByRole('heading', { name: 'quiz', level: 1 })).toBeVisible();
  await expect(page.getByText('2 lines of the file were left out')).toBeVisible();
  await expect(page.getByText('1 to 25 of 38')).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('26 to 38 of 38')).toBeVisible();
  await page.getByRole('textbox', { name: 'Search keys, inputs and expectations' }).fill('2 + 2');
  await expect(page.getByText('1 to 1 of 1')).toBeVisible();
  await page.getByRole('region', { name: 'Items' }).getByRole('button').click();
  await expect(page.getByRole('dialog')).toContainText('Line of the file');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'New version' }).click();
  await page.getByRole('menuitem', { name: 'Split by chance' }).click();
  const dialog = page.getByRole('dialog', { name: 'Split version 1 by chance' });
  await expect(dialog.getByRole('list', { name: 'Splits' })).toContainText('train');
  await dialog.getByRole('textbox', { name: 'Share of split 1 in percent' }).fill('90');
  await expect(dialog.getByText('The shares add up to 110 %; 100 % are the most.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Share of split 1 in percent' }).fill('50');
  await expect(dialog.getByRole('list', { name: 'Splits' })).toContainText('in no split');
  await dialog.getByRole('button', { name: 'Make a version' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('combobox', { name: 'Version' })).toHaveValue('Version 2 (newest)');
  await expect(page.getByRole('list', { name: 'Splits' })).toContainText('in no split');

  await page.getByRole('tab', { name: /Versions/ }).click();
  await expect(page.getByRole('heading', { name: 'What changed to version 2' })).toBeVisible();
  await expect(page.getByText(/^Changed \d+$/)).toBeVisible();
  expect(await violationsOf(page), 'versions').toEqual([]);
  await page.getByRole('tab', { name: /Clusters/ }).click();
  await page.getByRole('button', { name: 'birds-0' }).click();
  await expect(page.getByText('1 to 6 of 6')).toBeVisible();

  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  await page.getByRole('menuitem', { name: 'Version 2 as CSV' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('quiz-v2.csv');
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(39);
  expect(lines[0]).toBe('key,input,expected,cluster,split');

  await page.getByRole('button', { name: 'New version' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByText('No test names it.')).toBeVisible();
  await page.getByRole('button', { name: 'Delete dataset' }).click();
  await expect(page.getByRole('heading', { name: 'No datasets yet' })).toBeVisible();
});

test('what cannot be a file of items is refused with the remedy', async ({ signedInPage: page }) => {
  await page.goto('/datasets?new=import');
  const choose = (name: string, buffer: Buffer) =>
    page.locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/plain', buffer });
  await choose('a.csv', Buffer.from([0xff, 0xfe, 0x61, 0]));
  await expect(page.getByText('save it as UTF-8')).toBeVisible();
  await choose('b.csv', Buffer.from('first,second\n1,2'));
  await expect(page.getByText('Say which column is the input')).toBeVisible();
  await page.getByRole('combobox', { name: 'Column second is' }).click();
  await page.getByRole('option', { name: /^Input/ }).click();
  await expect(
    page.getByRole('region', { name: 'First items' }).getByRole('cell', { name: '2', exact: true }),
  ).toBeVisible();
  await choose('c.jsonl', Buffer.from('{"input":"a"}\nnonsense\n'));
  await expect(page.getByRole('list', { name: 'Lines that cannot be used' })).toContainText('It is not JSON');
});

test('a scorer is written with what is wrong at its fields, tried on answers, saved, changed and deleted', async ({
  signedInPage: page,
}) => {
  await page.goto('/quality');
  await page.getByRole('button', { name: 'Make the first scorer' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('yes-or-no');
  await page.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: 'Pattern' }).click();
  const pattern = page.getByRole('textbox', { name: 'Pattern' });
  await pattern.fill('(yes|no');
  await expect(pattern).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await pattern.fill('^(yes|no)$');
  await page.getByRole('textbox', { name: 'Answer 1' }).fill('yes');
  await page.getByRole('textbox', { name: 'Answer 2' }).fill('perhaps');
  await expect(page.getByText('The pattern matches.')).toBeVisible();
  await expect(page.getByText('The pattern does not match.')).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'yes-or-no' }).click();
  await page.getByRole('switch', { name: 'Upper and lower case are alike' }).check({ force: true });
  await page.getByRole('button', { name: 'Save as a new version' }).click();
  await expect(page.getByText(/^Version 2, changed/)).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'No saved scorers yet' })).toBeVisible();
});
