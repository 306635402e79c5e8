// Pictures for the sample data: landscapes generated from a number.

const SCENES = [
  ['#d9c7a3', '#b07d4f', '#6d4a33', '#2f2a2a'],
  ['#c9d6d8', '#7f9ea4', '#44656d', '#1e3238'],
  ['#e6b48a', '#c4653f', '#7b3431', '#2c1a22'],
  ['#cfd8b8', '#8ba06a', '#4c6a41', '#1f3325'],
  ['#b9c3d9', '#6f80a8', '#3d4a70', '#191f36'],
  ['#e8dccb', '#c9a98b', '#8d7560', '#3b3330'],
] as const;

export function picture(seed: number, width = 1200, height = 800): string {
  const [sky, far, near, ground] = SCENES[seed % SCENES.length] ?? SCENES[0];
  const random = sequence(seed * 7919 + 17);
  const ridge = (base: number, rough: number) => {
    const points: string[] = [];
    for (let x = 0; x <= 12; x += 1) {
      points.push(`${(x * width) / 12},${(base + (random() - 0.5) * rough) * height}`);
    }
    return `M0,${height} L${points.join(' L')} L${width},${height} Z`;
  };
  const sun = { x: width * (0.2 + random() * 0.6), y: height * (0.2 + random() * 0.2) };
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="${sky}"/>` +
    `<circle cx="${sun.x}" cy="${sun.y}" r="${height * 0.09}" fill="#fff7e6" opacity=".85"/>` +
    `<path d="${ridge(0.55, 0.22)}" fill="${far}"/>` +
    `<path d="${ridge(0.7, 0.16)}" fill="${near}"/>` +
    `<path d="${ridge(0.86, 0.06)}" fill="${ground}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function sequence(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 0x1_0000_0000;
  };
}
