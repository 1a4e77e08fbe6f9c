import { encode } from 'uqr';
import classes from './account.module.css';

/** Draws a text as a QR code. The way without a camera stands beside it, so it is a picture only. */
export function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg className={classes.qr} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" role="img">
      <title>QR code for your authenticator app</title>
      <path d={path} fill="currentColor" />
    </svg>
  );
}
