import type { SimulatedVendor } from '../vendors.ts';
import { createAnthropicVendor } from './anthropic-messages/anthropic-vendor.ts';
import type { VendorProtocol } from './chat-protocol.ts';
import { createGoogleVendor } from './google-generate/google-vendor.ts';
import { createCompatibleVendor } from './openai-chat/compatible-vendor.ts';

export const VENDOR_PROTOCOLS: Record<SimulatedVendor, VendorProtocol> = {
  openai: createCompatibleVendor('openai'),
  anthropic: createAnthropicVendor(),
  google: createGoogleVendor(),
  ollama: createCompatibleVendor('ollama'),
  huggingface: createCompatibleVendor('huggingface'),
  cohere: createCompatibleVendor('cohere'),
  custom: createCompatibleVendor('custom'),
};
