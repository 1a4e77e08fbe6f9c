/** Hands a text to the browser as a file. */
export function downloadText(fileName: string, text: string): void {
  const type = fileName.endsWith('.json') ? 'application/json' : 'application/yaml';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
