// The strokes that the scenes are made of: light, sky, sun, clouds, hills, water, windows.

/** Size of every picture. */
export const W = 1200;
export const H = 800;

/** Palettes by the light of the day; `hills` go from far to near, `water` from the horizon down. */
export const lights = {
  dawn: { sky: ['#5b7ea6', '#eab99a', '#fde6c6'], sun: '#fff4d6', hills: ['#c6a3a6', '#957f95', '#615b7a', '#373b57'], water: ['#efc8a6', '#4f6d8e'], accent: '#c8553d', second: '#f3d9b1', cloud: '#fff1de', lamp: '#ffdf9e', dim: 0.25 },
  day: { sky: ['#3f93c4', '#9fd2e6', '#f0f6ea'], sun: '#fffbe8', hills: ['#a6cbbd', '#72aa90', '#43826b', '#245649'], water: ['#9fd3d8', '#25738f'], accent: '#d8572a', second: '#f7e3b5', cloud: '#ffffff', lamp: '#dff1f4', dim: 0.1 },
  dusk: { sky: ['#262650', '#a9476b', '#f9ab5e'], sun: '#ffe09a', hills: ['#8a4f70', '#5c3c66', '#392c54', '#1f1b3a'], water: ['#f09a63', '#2b2a56'], accent: '#ffb04f', second: '#f4c9a0', cloud: '#f2a07a', lamp: '#ffd27d', dim: 0.6 },
  night: { sky: ['#081029', '#16284f', '#3c5a85'], sun: '#f6f1dc', hills: ['#2d456b', '#203452', '#14243d', '#0a1426'], water: ['#34567f', '#0c1a36'], accent: '#f2b45a', second: '#8fb3d9', cloud: '#2a4068', lamp: '#ffd98a', dim: 0.9 },
  rain: { sky: ['#56677a', '#8d9da8', '#cdd5d5'], sun: '#e9eeec', hills: ['#98a7ad', '#74868e', '#516670', '#314650'], water: ['#a8b9be', '#4f6672'], accent: '#d98e3f', second: '#e6dcc8', cloud: '#b3bfc4', lamp: '#f7d79a', dim: 0.35 },
};

/** Numbers from 0 to 1, always the same for the same seed. */
export function randomFrom(seed) {
  let state = 2166136261;
  for (const sign of seed) state = Math.imul(state ^ sign.codePointAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

/** Calls `draw` with 0 to `count` - 1 and joins the results. */
export const times = (count, draw) => Array.from({ length: count }, (_, i) => draw(i)).join('');
/** From one number to another. */
export const between = (random, low, high) => low + random() * (high - low);
export const round = (value) => Math.round(value * 10) / 10;

export const rect = (x, y, w, h, fill, more = '') =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" fill="${fill}" ${more}/>`;
export const circle = (x, y, r, fill, more = '') => `<circle cx="${round(x)}" cy="${round(y)}" r="${round(r)}" fill="${fill}" ${more}/>`;
export const ellipse = (x, y, rx, ry, fill, more = '') =>
  `<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(rx)}" ry="${round(ry)}" fill="${fill}" ${more}/>`;
export const path = (d, fill, more = '') => `<path d="${d}" fill="${fill}" ${more}/>`;
export const line = (d, stroke, width, more = '') =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;
export const polygon = (points, fill, more = '') => `<polygon points="${points}" fill="${fill}" ${more}/>`;
export const group = (transform, inside, more = '') => `<g transform="${transform}" ${more}>${inside}</g>`;

/** Black or white laid over a shape, for its shaded or lit side. */
export const shade = (amount) => `fill="#000" opacity="${amount}"`;

export function gradient(id, colours, across = false) {
  const stops = colours.map((colour, i) => `<stop offset="${i / (colours.length - 1)}" stop-color="${colour}"/>`).join('');
  return `<linearGradient id="${id}" x1="0" y1="0" x2="${across ? 1 : 0}" y2="${across ? 0 : 1}">${stops}</linearGradient>`;
}

/** Sky over the whole picture, with sun or moon, stars at night and some clouds. */
export function sky(light, random, { horizon = H, sunAt, clouds = 4 } = {}) {
  const [x, y] = sunAt ?? [between(random, 220, 980), between(random, horizon * 0.25, horizon * 0.6)];
  const night = light === lights.night;
  const rain = light === lights.rain;
  const radius = night ? 46 : 62;
  return [
    `<defs>${gradient('sky', light.sky)}<radialGradient id="halo"><stop offset="0" stop-color="${light.sun}" stop-opacity=".75"/><stop offset=".35" stop-color="${light.sun}" stop-opacity=".22"/><stop offset="1" stop-color="${light.sun}" stop-opacity="0"/></radialGradient></defs>`,
    rect(0, 0, W, horizon + 2, 'url(#sky)'),
    night ? times(90, () => circle(random() * W, random() * horizon * 0.8, between(random, 0.7, 2), '#fff', `opacity="${round(between(random, 0.3, 0.9))}"`)) : '',
    rain ? '' : circle(x, y, night ? 190 : 330, 'url(#halo)', night ? 'opacity=".5"' : ''),
    rain ? '' : circle(x, y, radius, light.sun),
    night ? circle(x - 12, y - 8, 9, '#000', 'opacity=".06"') + circle(x + 14, y + 12, 12, '#000', 'opacity=".06"') : '',
    times(rain ? clouds + 4 : clouds, () => cloud(light, random, horizon)),
  ].join('');
}

function cloud(light, random, horizon) {
  const x = between(random, -60, W + 60);
  const y = between(random, horizon * 0.08, horizon * 0.5);
  const size = between(random, 0.5, 1.35);
  const puffs = [[0, 0, 130, 17], [-48, -14, 46, 22], [6, -26, 58, 32], [58, -12, 44, 20]]
    .map(([dx, dy, rx, ry]) => ellipse(x + dx * size, y + dy * size, rx * size, ry * size, light.cloud))
    .join('');
  return `<g opacity="${round(between(random, 0.35, 0.75))}">${puffs}</g>`;
}

/** A line of hills filled down to the picture's foot. */
export function hills(random, y, height, colour, { sharp = 1, foot = H } = {}) {
  const waves = Array.from({ length: 4 }, (_, i) => [between(random, 0.6, 1.5) * (i + 1) * sharp, random() * 7, 1 / (i + 1.2)]);
  let d = `M0 ${foot}`;
  for (let x = 0; x <= W; x += 20) {
    const rise = waves.reduce((sum, [speed, phase, weight]) => sum + Math.sin((x / W) * Math.PI * 2 * speed + phase) * weight, 0);
    d += ` L${x} ${round(y - (rise * height) / 2.6)}`;
  }
  return path(`${d} L${W} ${foot}Z`, colour);
}

/** Four ranges of hills, paler with distance. */
export const ranges = (light, random, y, step = 55, count = 4) =>
  times(count, (i) => hills(random, y + i * step, 95 - i * 10, light.hills[i + 4 - count]));

/** Water from the horizon to the foot, with the light lying on it. */
export function water(light, random, y, { sunX } = {}) {
  const glitter = times(46, () => {
    const depth = random() ** 1.6;
    const near = sunX !== undefined && random() < 0.6;
    const x = near ? sunX + between(random, -1, 1) * (30 + depth * 170) : random() * W;
    const length = 20 + depth * between(random, 40, 150);
    return rect(x - length / 2, y + 8 + depth * (H - y - 20), length, 2 + depth * 5, near ? light.sun : light.water[0], `rx="3" opacity="${round(between(random, 0.2, near ? 0.75 : 0.5))}"`);
  });
  return `<defs>${gradient('water', light.water)}</defs>${rect(0, y, W, H - y, 'url(#water)')}${glitter}`;
}

/** Slanting rain in front of everything. */
export const rainfall = (random) =>
  times(150, () => {
    const x = random() * (W + 120);
    const y = random() * H;
    const length = between(random, 18, 46);
    return line(`M${round(x)} ${round(y)} l${round(-length * 0.25)} ${round(length)}`, '#fff', round(between(random, 1, 2)), `opacity="${round(between(random, 0.18, 0.42))}"`);
  });

/** Rows of windows, some of them lit. */
export function windows(light, random, x, y, w, h, { size = 9, gap = 9, chance = 0.45 } = {}) {
  const columns = Math.max(1, Math.floor((w - gap) / (size + gap)));
  const rows = Math.max(1, Math.floor((h - gap) / (size * 1.5 + gap)));
  const left = x + (w - columns * (size + gap) + gap) / 2;
  return times(columns * rows, (i) => {
    const lit = random() < chance;
    const wx = left + (i % columns) * (size + gap);
    const wy = y + gap + Math.floor(i / columns) * (size * 1.5 + gap);
    return rect(wx, wy, size, size * 1.5, light.lamp, `opacity="${lit ? 0.35 + light.dim * 0.6 : 0.1}"`);
  });
}

/** A coconut palm with its foot at a point, leaning. */
export function palm(random, x, y, height, colour) {
  const lean = between(random, -0.22, 0.22) * height;
  const [tx, ty] = [x + lean, y - height];
  const trunk = path(`M${round(x - height * 0.03)} ${y} Q${round(x + lean * 0.15)} ${round(y - height * 0.6)} ${round(tx)} ${round(ty)} L${round(tx + height * 0.025)} ${round(ty)} Q${round(x + lean * 0.15 + height * 0.05)} ${round(y - height * 0.55)} ${round(x + height * 0.035)} ${y}Z`, colour);
  const fronds = times(9, (i) => {
    const angle = Math.PI * (1.02 + (i / 8) * 0.96) + between(random, -0.12, 0.12);
    const length = height * between(random, 0.38, 0.5);
    const [ex, ey] = [tx + Math.cos(angle) * length, ty + Math.sin(angle) * length * 0.62 + length * 0.34];
    const [cx, cy] = [tx + Math.cos(angle) * length * 0.55, ty + Math.sin(angle) * length * 0.85 - length * 0.12];
    return path(`M${round(tx)} ${round(ty)} Q${round(cx)} ${round(cy)} ${round(ex)} ${round(ey)} Q${round(cx)} ${round(cy + length * 0.2)} ${round(tx)} ${round(ty + length * 0.06)}Z`, colour);
  });
  return trunk + fronds;
}

/** A broad-leaved tree. */
export const tree = (random, x, y, size, colour, trunk) =>
  rect(x - size * 0.06, y - size * 0.55, size * 0.12, size * 0.55, trunk) +
  times(6, () => circle(x + between(random, -0.34, 0.34) * size, y - size * between(random, 0.55, 1), size * between(random, 0.2, 0.34), colour));

/** A person, seen from far. */
export const person = (x, y, size, coat, skin = '#6b4a3a') =>
  path(`M${round(x - size * 0.17)} ${y} L${round(x - size * 0.2)} ${round(y - size * 0.62)} Q${x} ${round(y - size * 0.86)} ${round(x + size * 0.2)} ${round(y - size * 0.62)} L${round(x + size * 0.17)} ${y}Z`, coat) +
  circle(x, y - size * 0.9, size * 0.13, skin);
