const name = 'switchyard.single-keys';

/** Single-key shortcuts can be switched off (WCAG 2.1.4); they never act inside a field. */
export function areSingleKeysOn(): boolean {
  return typeof localStorage === 'undefined' || localStorage.getItem(name) !== 'off';
}

export function setSingleKeys(isOn: boolean): void {
  localStorage.setItem(name, isOn ? 'on' : 'off');
}
