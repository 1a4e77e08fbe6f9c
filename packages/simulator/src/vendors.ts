/** The vendors the simulator speaks for. Ollama, Hugging Face, Cohere and custom speak OpenAI's format with quirks. */
export const SIMULATED_VENDORS = [
  'openai',
  'anthropic',
  'google',
  'ollama',
  'huggingface',
  'cohere',
  'custom',
] as const;
export type SimulatedVendor = (typeof SIMULATED_VENDORS)[number];

/** Path under the simulator's URL that stands for the vendor's API root, as its official SDK takes it for baseURL. */
export const VENDOR_BASE_PATHS: Record<SimulatedVendor, string> = {
  openai: '/openai/v1',
  anthropic: '/anthropic',
  google: '/google',
  ollama: '/ollama/v1',
  huggingface: '/huggingface/v1',
  cohere: '/cohere/compatibility/v1',
  custom: '/custom/v1',
};

export function baseUrlsOf(url: string): Record<SimulatedVendor, string> {
  const entries = SIMULATED_VENDORS.map((vendor) => [vendor, `${url}${VENDOR_BASE_PATHS[vendor]}`]);
  return Object.fromEntries(entries) as Record<SimulatedVendor, string>;
}
