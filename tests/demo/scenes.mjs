// The scenes, each a function of the light and of random numbers, from back to front.

import {
  between, circle, ellipse, gradient, group, H, hills, line, palm, path, person, polygon, rainfall, ranges, rect, round, sky, times,
  tree, W, water, windows,
} from './strokes.mjs';

const COATS = ['#b5483a', '#2f6f7e', '#d9a441', '#6b5b8c', '#3f7d4f', '#c7693f'];
const pick = (random, list) => list[Math.floor(random() * list.length)];

export const scenes = {
  ferry(light, random) {
    const horizon = between(random, 400, 440);
    const sunX = between(random, 250, 900);
    const x = between(random, 330, 560);
    const hull = light.dim > 0.5 ? light.hills[3] : '#f4efe3';
    const boat = [
      path('M-230 20 L250 20 L205 92 L-190 92Z', light.accent),
      path('M-230 20 L250 20 L240 36 L-222 36Z', '#fff', 'opacity=".55"'),
      rect(-185, -34, 350, 54, hull), rect(-150, -82, 270, 48, hull), rect(-105, -122, 150, 40, hull),
      rect(-185, -34, 350, 10, '#000', 'opacity=".12"'), rect(-150, -82, 270, 8, '#000', 'opacity=".12"'),
      times(13, (i) => rect(-170 + i * 25.5, -16, 15, 17, light.dim > 0.5 ? light.lamp : light.hills[2], 'rx="3"')),
      times(9, (i) => rect(-135 + i * 27, -66, 16, 16, light.dim > 0.5 ? light.lamp : light.hills[2], 'rx="3"')),
      times(5, (i) => rect(-92 + i * 27, -110, 17, 14, light.dim > 0.5 ? light.lamp : light.hills[2], 'rx="3"')),
      path('M60 -140 L104 -140 L98 -82 L54 -82Z', light.accent), rect(59, -128, 43, 12, '#fff', 'opacity=".7"'),
      line('M-70 -122 V-178 M-90 -160 H-50', light.hills[3], 5),
      times(5, (i) => circle(90 + i * 34, -164 - i * 17, 15 + i * 8, light.cloud, `opacity="${0.5 - i * 0.08}"`)),
    ].join('');
    return [
      sky(light, random, { horizon, sunAt: [sunX, horizon - between(random, 30, 170)] }),
      hills(random, horizon + 4, 60, light.hills[0], { foot: horizon + 4 }),
      hills(random, horizon + 22, 42, light.hills[1], { foot: horizon + 4 }),
      water(light, random, horizon, { sunX }),
      group(`translate(${round(x)} ${round(horizon + 95)}) scale(1.18)`, boat),
      ellipse(x + 10, horizon + 208, 330, 10, '#fff', 'opacity=".35"'),
      times(16, () => rect(between(random, x - 320, x + 280), horizon + between(random, 212, 265), between(random, 40, 120), 5, '#fff', `rx="3" opacity="${round(between(random, 0.12, 0.4))}"`)),
      times(5, () => { const [bx, by] = [between(random, 80, 1100), between(random, 80, 300)]; return line(`M${round(bx - 18)} ${round(by - 6)} q9 -10 18 4 q9 -14 18 -4`, light.hills[3], 4, 'opacity=".7"'); }),
    ].join('');
  },

  volcano(light, random) {
    const x = between(random, 480, 760);
    const top = between(random, 190, 240);
    const slope = `M${x - 560} 660 C${x - 300} 560 ${x - 150} 340 ${x - 52} ${top} Q${x - 22} ${top + 14} ${x} ${top + 4} Q${x + 26} ${top + 16} ${x + 54} ${top} C${x + 160} 350 ${x + 320} 560 ${x + 580} 660Z`;
    const plume = times(15, (i) => circle(x + i * 15 + between(random, -16, 16), top - 10 - i * 13, 24 + i * 5.5, light.cloud, `opacity="${round(0.62 - i * 0.03)}"`));
    return [
      sky(light, random, { horizon: 620, sunAt: [x > 620 ? 260 : 960, between(random, 250, 420)], clouds: 3 }),
      hills(random, 520, 60, light.hills[0]),
      plume,
      path(slope, light.hills[1]),
      path(`M${x} ${top + 4} Q${x + 26} ${top + 16} ${x + 54} ${top} C${x + 160} 350 ${x + 320} 560 ${x + 580} 660 L${x + 90} 660 C${x + 40} 520 ${x + 60} 380 ${x} ${top + 4}Z`, '#000', 'opacity=".14"'),
      times(5, (i) => line(`M${round(x - 34 + i * 18)} ${top + 26} q${round(between(random, -30, 30))} ${round(between(random, 70, 120))} ${round(between(random, -70, 70))} ${round(between(random, 150, 240))}`, light.hills[2], 5, 'opacity=".35"')),
      hills(random, 600, 50, light.hills[2]), hills(random, 670, 46, light.hills[3]),
      times(14, () => palm(random, random() * W, between(random, 700, 790), between(random, 80, 150), light.hills[3])),
      times(7, () => { const [hx, hy] = [random() * W, between(random, 665, 700)]; return polygon(`${round(hx - 22)},${round(hy)} ${round(hx)},${round(hy - 20)} ${round(hx + 22)},${round(hy)}`, light.accent, 'opacity=".85"') + rect(hx - 16, hy, 32, 16, light.lamp, 'opacity=".8"'); }),
    ].join('');
  },

  skyline(light, random) {
    const towers = (y, colour, low, high, count, lit) => times(count, (i) => {
      const w = between(random, 60, 110);
      const h = between(random, low, high);
      const x = (i / count) * (W + 60) - 40 + between(random, -14, 14);
      const roof = random();
      const head = roof < 0.25 ? polygon(`${round(x)},${round(y - h)} ${round(x + w / 2)},${round(y - h - 44)} ${round(x + w)},${round(y - h)}`, colour)
        : roof < 0.5 ? rect(x + w * 0.46, y - h - 62, 5, 62, colour) : roof < 0.7 ? rect(x + w * 0.2, y - h - 22, w * 0.6, 22, colour) : '';
      return head + rect(x, y - h, w, h + 200, colour) + rect(x + w * 0.68, y - h, w * 0.32, h + 200, '#000', 'opacity=".1"') + (lit ? windows(light, random, x, y - h, w, h, { chance: 0.3 + light.dim * 0.35 }) : '');
    });
    const monument = between(random, 350, 850);
    return [
      sky(light, random, { horizon: 640, sunAt: [between(random, 250, 950), between(random, 280, 470)] }),
      towers(620, light.hills[0], 120, 330, 17, false), towers(650, light.hills[1], 110, 300, 14, true),
      path(`M${monument - 12} 690 L${monument - 5} 330 L${monument + 5} 330 L${monument + 12} 690Z`, light.second), ellipse(monument, 322, 15, 22, light.accent), rect(monument - 34, 660, 68, 40, light.second),
      towers(710, light.hills[2], 70, 230, 12, true),
      times(24, () => tree(random, random() * W, between(random, 715, 740), between(random, 40, 75), light.hills[3], light.hills[3])),
      rect(0, 722, W, 78, light.hills[3]),
      line('M0 765 H1200', light.lamp, 4, 'stroke-dasharray="46 34" opacity=".55"'),
      times(22, () => rect(random() * W, pick(random, [738, 778]), between(random, 18, 34), 7, pick(random, [light.accent, light.lamp, light.second]), 'rx="3" opacity=".9"')),
    ].join('');
  },

  stadium(light, random) {
    const crowd = (y, rows, spread) => times(rows, (r) => times(64, (i) => {
      const t = i / 63 - 0.5;
      return circle(600 + t * (1180 - r * spread) + between(random, -5, 5), y + r * 17 + t * t * -90 + between(random, -3, 3), 6.5, pick(random, [light.accent, light.second, light.hills[1], '#fff', '#d9a441']), `opacity="${round(between(random, 0.5, 0.95))}"`);
    }));
    const mast = (x) => [rect(x - 5, 70, 10, 360, light.hills[3]), rect(x - 52, 44, 104, 46, light.hills[3], 'rx="6"'), times(8, (i) => circle(x - 38 + (i % 4) * 25, 57 + Math.floor(i / 4) * 20, 8, '#fffbe0')), `<circle cx="${x}" cy="66" r="150" fill="url(#halo)" opacity="${0.35 + light.dim * 0.5}"/>`].join('');
    const stripes = times(9, (i) => polygon(`${round(160 + i * 98)},500 ${round(160 + (i + 1) * 98)},500 ${round(-120 + (i + 1) * 160)},800 ${round(-120 + i * 160)},800`, i % 2 ? '#4f9a57' : '#438a4c'));
    const ball = [between(random, 420, 800), between(random, 610, 690)];
    return [
      sky(light, random, { horizon: 470, clouds: 3 }),
      path('M-20 470 C200 210 1000 210 1220 470 L1220 560 L-20 560Z', light.hills[2]), path('M-20 470 C200 250 1000 250 1220 470 L1220 500 C1000 300 200 300 -20 500Z', light.hills[3]),
      crowd(352, 8, 22), mast(110), mast(1090),
      rect(0, 490, W, 30, light.hills[3]), times(12, (i) => rect(i * 102, 494, 94, 22, [light.accent, light.second, light.hills[1]][i % 3], 'opacity=".85"')),
      rect(0, 516, W, 290, '#438a4c'), stripes, rect(0, 516, W, 290, '#000', `opacity="${light.dim * 0.25}"`),
      line('M-60 770 L190 530 H1010 L1260 770', '#fff', 5, 'opacity=".8"'), line('M600 530 V800', '#fff', 5, 'opacity=".8"'), ellipse(600, 650, 160, 62, 'none', 'stroke="#fff" stroke-width="5" opacity=".8"'),
      times(9, (i) => { const [px, py] = [between(random, 160, 1040), between(random, 570, 740)]; return ellipse(px, py + 2, 24, 6, '#000', 'opacity=".25"') + person(px, py, 66 + (py - 570) * 0.12, i % 2 ? '#c0392b' : '#f2f2ec'); }),
      ellipse(ball[0], ball[1] + 12, 13, 4, '#000', 'opacity=".3"'), circle(ball[0], ball[1], 11, '#fff'),
    ].join('');
  },

  terraces(light, random) {
    const green = light.dim > 0.5 ? ['#5d6b52', '#4b5d4a', '#394c42', '#2b3c3a', '#1f2d30', '#15221f'] : ['#b9cf7a', '#9cbf63', '#7cab53', '#5c9147', '#44783f', '#2f5d36'];
    const steps = times(11, (i) => {
      const y = 400 + i * 38 + i * i * 0.6;
      const shift = between(random, -120, 120);
      const bend = between(random, -46, 46);
      const d = `M-20 ${round(y + bend * 0.4)} C${round(260 + shift)} ${round(y - 42 + bend)} ${round(520 + shift)} ${round(y + 46)} ${round(760 + shift)} ${round(y - 8)} S1120 ${round(y - 46 - bend * 0.5)} 1220 ${round(y + 12)}`;
      const colour = green[Math.min(5, Math.floor(i / 2))];
      return path(`${d} L1220 820 L-20 820Z`, colour) + line(d, light.water[0], 5 + i * 0.8, 'opacity=".75"') + group('translate(0 11)', line(d, '#000', 4, 'opacity=".13"'));
    });
    const hut = [between(random, 240, 900), between(random, 520, 600)];
    return [
      sky(light, random, { horizon: 470, sunAt: [between(random, 300, 900), between(random, 170, 300)], clouds: 4 }),
      hills(random, 310, 150, light.hills[0]), hills(random, 360, 110, light.hills[1]),
      steps,
      group(`translate(${round(hut[0])} ${round(hut[1])})`, rect(-34, -36, 68, 40, light.second) + polygon('-54,-34 0,-84 54,-34', '#8a5a3a') + rect(-9, -24, 18, 28, '#5b3b29')),
      times(5, () => palm(random, random() * W, between(random, 560, 760), between(random, 120, 200), green[5])),
      times(3, () => { const [px, py] = [between(random, 150, 1050), between(random, 640, 740)]; return person(px, py, 52, pick(random, COATS)) + polygon(`${round(px - 22)},${round(py - 48)} ${round(px)},${round(py - 66)} ${round(px + 22)},${round(py - 48)}`, '#e6cf94'); }),
    ].join('');
  },

  market(light, random) {
    const stall = (x, y, scale) => {
      const colour = pick(random, COATS);
      const stripes = times(6, (i) => polygon(`${-120 + i * 40},-150 ${-80 + i * 40},-150 ${-94 + i * 46},-96 ${-140 + i * 46},-96`, i % 2 ? colour : '#fbf3e2') + path(`M${-140 + i * 46} -97 h46 a23 18 0 0 1 -46 0Z`, i % 2 ? colour : '#fbf3e2'));
      const heap = (hx, fruit) => times(15, (i) => circle(hx + ((i % 5) - 2) * 15 + (Math.floor(i / 5) % 2) * 7, -34 - Math.floor(i / 5) * 12, 9, fruit)) + path(`M${hx - 46} -30 h92 l-10 22 h-72Z`, '#8c6239');
      const fruits = ['#d9542f', '#e9b233', '#6fa347', '#8d3b5c', '#f0d264', '#c9382f'];
      return group(`translate(${round(x)} ${round(y)}) scale(${scale})`, [
        rect(-128, -110, 9, 180, '#5b3f2b'), rect(119, -110, 9, 180, '#5b3f2b'), rect(-120, -96, 240, 80, '#000', 'opacity=".3"'),
        person(between(random, -40, 40), -18, 84, pick(random, COATS)), rect(-134, -12, 268, 70, '#a87748'), rect(-134, -12, 268, 12, '#c4935d'), times(7, (i) => rect(-130 + i * 38, 4, 3, 54, '#000', 'opacity=".14"')),
        heap(-82, pick(random, fruits)), heap(0, pick(random, fruits)), heap(82, pick(random, fruits)), stripes,
      ].join(''));
    };
    return [
      sky(light, random, { horizon: 520, clouds: 3 }),
      times(9, (i) => { const h = between(random, 120, 230); const x = i * 140 - 20; const c = pick(random, [light.hills[0], light.hills[1], light.second]); return rect(x, 430 - h, 138, h + 120, c) + polygon(`${x - 10},${round(430 - h)} ${x + 69},${round(430 - h - 52)} ${x + 148},${round(430 - h)}`, '#a2523a') + windows(light, random, x, 440 - h, 138, h, { size: 17, gap: 18, chance: 0.4 }); }),
      rect(0, 470, W, 330, '#c9ad86'), rect(0, 470, W, 330, '#000', `opacity="${light.dim * 0.35}"`),
      line('M0 150 Q300 240 600 165 T1200 160', '#3c2f2f', 3), times(23, (i) => { const x = i * 53 + 12; return polygon(`${x},${round(172 + Math.sin(i / 2.6) * 16)} ${x + 30},${round(172 + Math.sin(i / 2.6) * 16)} ${x + 15},${round(212 + Math.sin(i / 2.6) * 16)}`, COATS[i % 6]); }),
      stall(230, 530, 0.85), stall(610, 520, 0.85), stall(985, 532, 0.85),
      times(6, () => person(random() * W, between(random, 600, 640), 110, pick(random, COATS))),
      stall(400, 705, 1.15), stall(850, 715, 1.15), person(between(random, 90, 180), 785, 190, pick(random, COATS)), person(between(random, 590, 660), 790, 185, pick(random, COATS)),
    ].join('');
  },

  laboratory(light, random) {
    const glass = (x, y, colour, kind) => group(`translate(${round(x)} ${y})`, kind === 'flask'
      ? path('M-22 -190 V-120 L-78 -22 Q-86 0 -62 0 H62 Q86 0 78 -22 L22 -120 V-190Z', '#ffffff', 'opacity=".28"') + path('M-47 -76 L-78 -22 Q-86 0 -62 0 H62 Q86 0 78 -22 L47 -76 Q20 -66 0 -76 T-47 -76Z', colour, 'opacity=".9"') + rect(-30, -200, 60, 14, '#fff', 'rx="7" opacity=".6"') + times(6, () => circle(between(random, -40, 40), between(random, -60, -14), between(random, 3, 8), '#fff', 'opacity=".5"'))
      : path('M-52 -150 V-14 Q-52 0 -38 0 H38 Q52 0 52 -14 V-150Z', '#fff', 'opacity=".28"') + path(`M-52 ${round(between(random, -110, -60))} V-14 Q-52 0 -38 0 H38 Q52 0 52 -14 V-80Z`, colour, 'opacity=".85"') + times(4, (i) => rect(24, -124 + i * 26, 20, 4, '#fff', 'opacity=".7"')));
    const hues = ['#e76f51', '#2a9d8f', '#e9c46a', '#7b6fb0', '#4fa3d1'];
    return [
      `<defs>${gradient('wall', [light.sky[1], light.second])}</defs>`, rect(0, 0, W, H, 'url(#wall)'), rect(0, 0, W, H, '#12303a', `opacity="${0.15 + light.dim * 0.35}"`),
      rect(110, 70, 430, 330, light.sky[0], 'rx="10"'), rect(110, 260, 430, 140, light.hills[1], 'rx="10" opacity=".8"'), circle(between(random, 200, 450), 170, 38, light.sun, 'opacity=".9"'), rect(318, 70, 12, 330, '#f3efe6'), rect(110, 226, 430, 12, '#f3efe6'), rect(98, 58, 454, 354, 'none', 'rx="14" stroke="#f3efe6" stroke-width="16"'),
      rect(650, 130, 470, 14, '#f3efe6', 'rx="5"'), rect(650, 290, 470, 14, '#f3efe6', 'rx="5"'),
      times(9, (i) => rect(665 + i * 50, 130 - 70 + (i % 3) * 12, 32, 70 - (i % 3) * 12, hues[i % 5], 'rx="6" opacity=".85"')), times(8, (i) => rect(670 + i * 55, 205 + (i % 2) * 14, 38, 85 - (i % 2) * 14, hues[(i + 2) % 5], 'rx="9" opacity=".75"')),
      rect(0, 610, W, 190, '#33454f'), rect(0, 596, W, 26, '#e9e4d8'),
      glass(between(random, 140, 190), 598, pick(random, hues), 'flask'), glass(350, 598, pick(random, hues), 'beaker'), glass(between(random, 500, 540), 598, pick(random, hues), 'flask'),
      group('translate(820 598)', [rect(-110, -22, 220, 22, '#20303a', 'rx="8"'), path('M60 -22 Q110 -150 10 -230 L34 -256 Q160 -150 104 -22Z', '#20303a'), group('rotate(24 0 -250)', rect(-30, -330, 60, 170, '#e9e4d8', 'rx="12"') + rect(-20, -366, 40, 44, '#20303a', 'rx="8"') + rect(-18, -160, 36, 34, '#20303a', 'rx="6"')), rect(-90, -92, 120, 12, '#20303a'), rect(-60, -98, 50, 6, '#9ad1d4')].join('')),
      group('translate(1060 598)', times(6, (i) => rect(-84 + i * 30, -96, 16, 92, '#fff', 'rx="8" opacity=".4"') + rect(-84 + i * 30, -96 + 30 + (i % 3) * 12, 16, 62 - (i % 3) * 12, hues[i % 5], 'rx="8"')) + rect(-98, -58, 190, 12, '#c89a63') + rect(-98, -8, 190, 10, '#c89a63')),
    ].join('');
  },

  train(light, random) {
    const body = light.dim > 0.5 ? '#dfe3ea' : '#f7f4ec';
    const stripe = pick(random, ['#c0392b', '#1f6f8b', '#d17a22', '#3d7a4b']);
    const coach = (x) => [rect(x, 470, 330, 104, body, 'rx="10"'), rect(x, 538, 330, 18, stripe), times(6, (i) => rect(x + 22 + i * 51, 490, 36, 34, light.dim > 0.3 ? light.lamp : light.hills[3], 'rx="5"')), rect(x + 324, 486, 16, 84, '#30343c'), times(4, (i) => circle(x + [46, 86, 244, 284][i], 580, 15, '#23262d'))].join('');
    const nose = [path('M700 470 H890 Q1020 480 1062 556 Q1064 574 1040 574 H700Z', body), path('M700 538 H1046 Q1060 552 1062 556 H700Z', stripe), path('M905 488 Q980 494 1018 532 H905Z', '#23313d'), times(3, (i) => rect(722 + i * 54, 490, 38, 34, light.dim > 0.3 ? light.lamp : light.hills[3], 'rx="5"')), circle(1044, 560, 6, '#fff6cf'), times(4, (i) => circle([746, 786, 950, 990][i], 580, 15, '#23262d'))].join('');
    return [
      sky(light, random, { horizon: 500, sunAt: [between(random, 200, 1000), between(random, 180, 330)] }),
      ranges(light, random, 350, 50, 3),
      times(26, () => tree(random, random() * W, between(random, 500, 545), between(random, 50, 100), light.hills[2], light.hills[3])),
      rect(0, 596, W, 210, light.hills[3]),
      times(8, (i) => rect(70 + i * 160, 600, 46, 210, light.hills[2])), times(8, (i) => path(`M${70 + i * 160 - 57} 640 a57 57 0 0 1 114 0 v170 h-114Z`, light.water[1], 'opacity=".55"')),
      rect(0, 590, W, 22, '#6d6a6a'), rect(0, 590, W, 6, '#a7a2a0'),
      times(7, (i) => rect(30 + i * 190, 350, 6, 240, '#3a3d45') + rect(30 + i * 190, 372, 52, 5, '#3a3d45')), line('M0 392 Q95 404 190 392 T380 392 T570 392 T760 392 T950 392 T1140 392 T1330 392', '#3a3d45', 2.5),
      coach(-300), coach(30), coach(362), nose,
      light.dim > 0.3 ? polygon('1046,556 1200,520 1200,620', light.lamp, 'opacity=".28"') : '',
    ].join('');
  },

  rocket(light, random) {
    const x = between(random, 500, 720);
    const y = between(random, 220, 320);
    return [
      sky(light, random, { horizon: 700, sunAt: [x > 600 ? 250 : 980, 190], clouds: 3 }),
      hills(random, 640, 40, light.hills[1]), `<defs>${gradient('flame', ['#fff8d6', '#ffc04d', '#f2672e'])}</defs>`,
      times(30, (i) => circle(x + between(random, -1, 1) * (22 + i * 11), y + 270 + i * 15.5, 22 + i * 3.6, i % 3 ? light.cloud : '#fff', `opacity="${round(between(random, 0.5, 0.9))}"`)),
      group(`translate(${round(x)} ${round(y)})`, [
        path('M-34 132 Q-30 250 0 330 Q30 250 34 132Z', 'url(#flame)'), path('M-16 132 Q-12 200 0 246 Q12 200 16 132Z', '#fffbe8'),
        path('M-58 150 L-40 60 L-40 132Z', light.accent), path('M58 150 L40 60 L40 132Z', light.accent),
        path('M0 -190 C38 -130 42 -60 40 132 H-40 C-42 -60 -38 -130 0 -190Z', '#f6f3ea'), path('M0 -190 C38 -130 42 -60 40 132 H8 C14 -60 14 -130 0 -190Z', '#000', 'opacity=".1"'),
        path('M0 -190 C22 -156 32 -120 37 -80 H-37 C-32 -120 -22 -156 0 -190Z', light.accent), circle(0, -30, 20, '#23415c'), circle(0, -30, 20, 'none', 'stroke="#c9c2b3" stroke-width="6"'), rect(-40, 40, 80, 14, light.accent), rect(-24, 132, 48, 16, '#3b3f48'),
      ].join('')),
      hills(random, 735, 30, light.hills[3]),
      group(`translate(${round(x + 210)} 735)`, times(6, (i) => line(`M0 ${-i * 46} L44 ${-(i + 1) * 46} M44 ${-i * 46} L0 ${-(i + 1) * 46}`, light.hills[3], 5)) + line('M0 20 V-280 M44 20 V-280', light.hills[3], 8)),
      times(8, () => palm(random, between(random, 0, W), between(random, 760, 800), between(random, 70, 120), light.hills[3])),
    ].join('');
  },

  courthouse(light, random) {
    const stone = light.dim > 0.5 ? ['#b9aac0', '#9a8aa8', '#6c5f82'] : ['#f3ead8', '#e2d5bd', '#bfae92'];
    return [
      sky(light, random, { horizon: 640, sunAt: [between(random, 900, 1060), between(random, 120, 220)] }),
      hills(random, 560, 50, light.hills[0]),
      times(10, () => tree(random, pick(random, [between(random, -20, 190), between(random, 1010, 1220)]), between(random, 640, 680), between(random, 150, 240), light.hills[2], light.hills[3])),
      rect(240, 330, 720, 300, stone[1]), rect(200, 300, 800, 42, stone[0]), polygon('180,300 600,130 1020,300', stone[0]), polygon('270,284 600,152 930,284', stone[2]),
      group('translate(600 236)', line('M0 -38 V34 M-58 -20 H58 M-26 34 H26', light.accent, 7) + path('M-86 8 a28 24 0 0 0 56 0Z M30 8 a28 24 0 0 0 56 0Z', light.accent) + line('M-58 -20 L-84 8 M-58 -20 L-32 8 M58 -20 L32 8 M58 -20 L84 8', light.accent, 3.5)),
      times(7, (i) => rect(262 + i * 104, 356, 52, 252, stone[0], 'rx="4"') + rect(296 + i * 104, 356, 18, 252, '#000', 'opacity=".09"') + rect(252 + i * 104, 342, 72, 16, stone[2]) + rect(252 + i * 104, 604, 72, 16, stone[2])),
      times(6, (i) => rect(322 + i * 104, 420, 36, 188, light.hills[3], 'opacity=".55" rx="18"')),
      times(5, (i) => rect(200 - i * 34, 620 + i * 22, 800 + i * 68, 24, i % 2 ? stone[1] : stone[0])),
      rect(0, 728, W, 72, stone[2]), rect(0, 728, W, 72, light.hills[3], 'opacity=".45"'),
      times(9, () => { const py = between(random, 690, 790); return ellipse(0, 0, 0, 0, 'none') + person(between(random, 240, 960), py, 78 + (py - 690) * 0.3, pick(random, COATS)); }),
    ].join('');
  },

  chart(light, random) {
    const points = [];
    let y = between(random, 470, 560);
    const drift = random() < 0.6 ? -20 : 16;
    for (let i = 0; i <= 16; i += 1) {
      points.push([120 + i * 60, y]);
      y = Math.max(170, Math.min(620, y + drift + between(random, -52, 46)));
    }
    const d = points.map(([px, py], i) => `${i ? 'L' : 'M'}${round(px)} ${round(py)}`).join(' ');
    return [
      `<defs>${gradient('ground', [light.sky[0], light.sky[1], light.second])}</defs>`, rect(0, 0, W, H, 'url(#ground)'), rect(0, 0, W, H, '#101c2c', `opacity="${0.12 + light.dim * 0.35}"`),
      circle(between(random, 850, 1050), between(random, 160, 260), 260, light.sun, 'opacity=".12"'), circle(between(random, 150, 350), 640, 320, light.accent, 'opacity=".12"'),
      times(6, (i) => line(`M90 ${160 + i * 96} H1110`, '#fff', 2, 'opacity=".22"')),
      times(16, (i) => { const h = between(random, 60, 240); return rect(126 + i * 60, 690 - h, 38, h, i % 4 === 3 ? light.accent : '#fff', `rx="5" opacity="${i % 4 === 3 ? 0.75 : 0.24}"`); }),
      path(`${d} L1080 690 L120 690Z`, light.accent, 'opacity=".18"'), line(d, '#fff', 12, 'opacity=".25"'), line(d, '#fff', 6), points.map(([px, py], i) => (i % 4 === 0 ? circle(px, py, 13, light.accent, 'stroke="#fff" stroke-width="5"') : '')).join(''),
      line('M90 690 H1110', '#fff', 5, 'opacity=".7"'),
    ].join('');
  },

  bridge(light, random) {
    const horizon = 480;
    const sunX = between(random, 400, 800);
    return [
      sky(light, random, { horizon, sunAt: [sunX, between(random, 260, 420)] }), hills(random, horizon - 10, 80, light.hills[0], { foot: horizon + 4 }), hills(random, horizon + 10, 50, light.hills[1], { foot: horizon + 4 }), water(light, random, horizon, { sunX }),
      times(2, (i) => { const x = [340, 860][i]; return path(`M${x - 26} 640 L${x - 14} 130 H${x + 14} L${x + 26} 640Z`, light.second) + rect(x + 2, 130, 12, 440, '#000', 'opacity=".14"') + rect(x - 60, 636, 120, 26, light.hills[3], 'rx="8"') + times(13, (k) => line(`M${x} ${150 + k * 6} L${x - 38 - k * 20} 512 M${x} ${150 + k * 6} L${x + 38 + k * 20} 512`, light.second, 2.4, 'opacity=".9"')) + circle(x, 124, 7, light.accent); }),
      rect(0, 508, W, 26, light.hills[3]), rect(0, 508, W, 6, light.second, 'opacity=".7"'), times(20, (i) => rect(20 + i * 62, 482, 4, 26, light.hills[3]) + circle(22 + i * 62, 480, 5, light.lamp)),
      times(9, () => rect(random() * W, 494, between(random, 20, 44), 14, pick(random, COATS), 'rx="4"')),
      times(3, () => { const [bx, by] = [random() * W, between(random, 640, 740)]; return path(`M${round(bx - 60)} ${round(by)} Q${round(bx)} ${round(by + 26)} ${round(bx + 60)} ${round(by)} L${round(bx + 46)} ${round(by + 16)} H${round(bx - 46)}Z`, light.hills[3]) + polygon(`${round(bx)},${round(by - 80)} ${round(bx)},${round(by - 6)} ${round(bx + 44)},${round(by - 6)}`, '#fff', 'opacity=".85"'); }),
    ].join('');
  },

  forest(light, random) {
    const layer = (y, count, size, colour) => times(count, (i) => { const x = (i / count) * W + between(random, -40, 40); const h = size * between(random, 0.8, 1.25); return rect(x - 5 * (size / 160), y - h * 0.2, 11 * (size / 160), h * 0.3 + 60, colour) + times(7, () => ellipse(x + between(random, -0.36, 0.36) * h, y - h * between(random, 0.2, 0.95), h * between(random, 0.2, 0.34), h * between(random, 0.14, 0.24), colour)); });
    const green = light.dim > 0.5 ? light.hills : ['#a8c8a8', '#6f9f78', '#3f7555', '#1f4a38'];
    return [
      sky(light, random, { horizon: 560, sunAt: [between(random, 300, 900), between(random, 150, 270)], clouds: 2 }), hills(random, 380, 130, light.hills[0]),
      layer(500, 22, 150, green[0]), rect(0, 480, W, 320, green[0]), layer(580, 17, 190, green[1]), rect(0, 570, W, 230, green[1]),
      times(5, (i) => polygon(`${180 + i * 210},0 ${250 + i * 210},0 ${120 + i * 230},800 ${-60 + i * 230},800`, light.sun, 'opacity=".07"')),
      path(`M${between(random, 520, 640)} 560 C500 640 760 690 560 810 H860 C940 700 640 650 ${between(random, 650, 690)} 560Z`, light.water[0], 'opacity=".85"'),
      layer(690, 11, 260, green[2]), times(2, (i) => { const x = i ? between(random, 1040, 1120) : between(random, 70, 160); return path(`M${x - 34} 800 Q${x - 14} 400 ${x - 30} 0 H${x + 34} Q${x + 14} 400 ${x + 44} 800Z`, green[3]); }),
      times(26, () => { const x = random() * W; return path(`M${round(x)} 810 q${round(between(random, -70, 70))} ${round(between(random, -160, -70))} ${round(between(random, -90, 90))} ${round(between(random, -190, -110))} q${round(between(random, -10, 40))} 90 -20 190Z`, green[3]); }),
    ].join('');
  },

  reef(light, random) {
    const fish = (x, y, size, colour) => group(`translate(${round(x)} ${round(y)}) scale(${round(size * (random() < 0.5 ? -1 : 1))} ${round(size)})`, path('M-34 0 Q-4 -26 34 0 Q-4 26 -34 0Z', colour) + path('M-28 0 L-56 -18 V18Z', colour) + path('M2 -14 Q10 0 2 14 L-8 13 Q0 0 -8 -13Z', '#fff', 'opacity=".75"') + circle(20, -4, 3.6, '#16242c'));
    const coral = (x, y, size, colour) => times(7, (i) => { const angle = -Math.PI / 2 + (i - 3) * 0.3; const [ex, ey] = [x + Math.cos(angle) * size, y + Math.sin(angle) * size]; return line(`M${round(x)} ${round(y)} Q${round(x)} ${round(y - size * 0.5)} ${round(ex)} ${round(ey)}`, colour, size * 0.13) + circle(ex, ey, size * 0.1, colour); });
    const deep = light.dim > 0.5 ? ['#1e4a78', '#0d2950', '#071733'] : ['#7fd6d8', '#2a93b0', '#0f4f78'];
    const hues = ['#f27059', '#f7b267', '#f4845f', '#c86b98', '#f25c54', '#ffd166'];
    return [
      `<defs>${gradient('deep', deep)}</defs>`, rect(0, 0, W, H, 'url(#deep)'), times(6, (i) => polygon(`${80 + i * 190},0 ${150 + i * 190},0 ${60 + i * 220},800 ${-80 + i * 210},800`, '#fff', 'opacity=".07"')),
      times(40, () => circle(random() * W, random() * H, between(random, 2, 7), '#fff', `opacity="${round(between(random, 0.15, 0.45))}"`)),
      hills(random, 640, 90, '#16607c', { sharp: 1.4 }), times(9, () => coral(random() * W, between(random, 650, 690), between(random, 60, 100), pick(random, ['#4f7f9f', '#3b7592', '#5d86a4']))),
      times(26, () => fish(random() * W, between(random, 120, 520), between(random, 0.35, 0.7), '#bfe3e3')), times(9, () => fish(between(random, 80, 1120), between(random, 200, 600), between(random, 0.9, 1.7), pick(random, hues))),
      hills(random, 730, 60, '#0c3c58', { sharp: 1.3 }), times(15, () => coral(random() * W, between(random, 740, 800), between(random, 70, 150), pick(random, hues))), times(12, () => ellipse(random() * W, 800, between(random, 40, 100), between(random, 30, 70), pick(random, ['#7a4f7c', '#b0586b', '#2b6a75', '#d98f5c']))),
    ].join('');
  },

  lighthouse(light, random) {
    const horizon = 520;
    const x = between(random, 760, 900);
    const lit = light.dim > 0.3;
    return [
      sky(light, random, { horizon, sunAt: [between(random, 180, 420), between(random, 240, 420)] }), water(light, random, horizon, { sunX: 320 }),
      hills(random, horizon + 2, 30, light.hills[0], { foot: horizon + 4 }),
      lit ? polygon(`${x},196 -40,70 -40,280`, light.lamp, 'opacity=".3"') + polygon(`${x},196 1240,120 1240,270`, light.lamp, 'opacity=".22"') : '',
      path(`M${x - 420} 810 C${x - 300} 690 ${x - 200} 600 ${x - 90} 580 S${x + 180} 590 1240 640 V810Z`, light.hills[3]), path(`M${x - 300} 810 C${x - 200} 700 ${x - 140} 650 ${x - 40} 630 S${x + 180} 640 1240 690 V810Z`, light.hills[2], 'opacity=".6"'),
      path(`M${x - 62} 596 L${x - 38} 236 H${x + 38} L${x + 62} 596Z`, '#f7f1e4'), path(`M${x + 8} 596 V236 H${x + 38} L${x + 62} 596Z`, '#000', 'opacity=".14"'), times(3, (i) => { const y = 300 + i * 112; const g = (y - 236) / 15; return path(`M${round(x - 38 - g)} ${y} H${round(x + 38 + g)} L${round(x + 42 + g)} ${y + 54} H${round(x - 42 - g)}Z`, '#c8452f'); }),
      rect(x - 52, 224, 104, 14, '#2b2f3a'), rect(x - 30, 172, 60, 52, lit ? light.lamp : '#cfe6ea'), polygon(`${x - 42},172 ${x},128 ${x + 42},172`, '#c8452f'), line(`M${x} 130 V108`, '#2b2f3a', 5), rect(x - 14, 552, 28, 44, '#5b3b29', 'rx="13"'),
      rect(x + 110, 560, 130, 62, '#f2e7d2'), polygon(`${x + 96},562 ${x + 175},512 ${x + 254},562`, '#a2523a'), rect(x + 132, 580, 24, 24, light.lamp), rect(x + 192, 580, 24, 24, light.lamp),
      times(9, () => line(`M${round(x - 430 + random() * 260)} ${round(between(random, 720, 800))} q30 -26 64 -2 t60 4`, '#fff', 5, 'opacity=".55"')), palm(random, x + 290, 640, 170, light.hills[3]),
    ].join('');
  },

  port(light, random) {
    const crane = (x, scale) => group(`translate(${round(x)} 600) scale(${scale})`, line('M-60 0 L-44 -300 M60 0 L44 -300 M-52 -150 H52 M-44 -300 H44', light.accent, 13) + line('M-190 -300 H250 M0 -300 V-390 M0 -386 L250 -300 M0 -386 L-190 -300', light.accent, 9) + rect(-36, -330, 72, 40, '#2e3944') + line('M190 -300 V-190', '#2e3944', 4) + rect(164, -190, 52, 26, pick(random, COATS)));
    const stack = (x, y, columns, rows) => times(columns * rows, (i) => { const row = Math.floor(i / columns); if (random() < row * 0.16) return ''; const [bx, by] = [x + (i % columns) * 76, y - row * 34]; return rect(bx, by, 73, 32, pick(random, COATS)) + times(6, (k) => rect(bx + 8 + k * 11, by + 4, 3, 24, '#000', 'opacity=".16"')); });
    return [
      sky(light, random, { horizon: 560, sunAt: [between(random, 250, 950), between(random, 200, 380)] }), ranges(light, random, 480, 40, 2), water(light, random, 560, {}),
      crane(250, 0.8), crane(640, 0.95), crane(1010, 0.85),
      path('M120 600 H1010 L960 706 H190Z', '#2c3e50'), path('M150 664 H980 L960 706 H190Z', '#a13d2d'), rect(860, 470, 100, 132, '#f3eee2'), windows(light, random, 860, 480, 100, 80, { size: 12, chance: 0.5 }), rect(885, 430, 40, 42, light.accent), stack(210, 568, 8, 4),
      rect(0, 730, W, 80, '#5b5f63'), rect(0, 730, W, 10, '#8a8d8f'), stack(20, 752, 4, 2), stack(900, 752, 4, 3),
      times(14, () => rect(random() * W, between(random, 708, 726), between(random, 50, 140), 4, '#fff', 'rx="2" opacity=".35"')),
    ].join('');
  },

  flood(light, random) {
    const house = (x, y, size) => { const wall = pick(random, ['#e7d3ae', '#c9dadb', '#e3b79a', '#d7cfe0', '#f0e6d2']); return group(`translate(${round(x)} ${round(y)}) scale(${size})`, rect(-80, -110, 160, 130, wall) + rect(20, -110, 60, 130, '#000', 'opacity=".08"') + polygon('-104,-106 0,-186 104,-106', '#9c4b35') + rect(-50, -80, 40, 44, light.lamp, 'opacity=".85"') + rect(18, -80, 40, 44, light.lamp, 'opacity=".6"') + rect(-52, -60, 44, 4, wall) + rect(-80, 6, 160, 40, wall, 'opacity=".25"')); };
    return [
      sky(light, random, { horizon: 470, clouds: 6 }), ranges(light, random, 360, 46, 2), times(10, () => tree(random, random() * W, between(random, 470, 500), between(random, 90, 150), light.hills[2], light.hills[3])),
      house(150, 480, 0.8), house(400, 476, 0.9), house(690, 482, 0.85), house(930, 478, 0.8), house(1120, 486, 0.9), water(light, random, 492, {}),
      house(250, 600, 1.15), house(880, 612, 1.2), times(3, (i) => palm(random, [60, 560, 1120][i] + between(random, -30, 30), between(random, 600, 660), between(random, 190, 260), light.hills[3])),
      times(22, () => rect(random() * W, between(random, 610, 790), between(random, 60, 190), 6, '#fff', `rx="3" opacity="${round(between(random, 0.15, 0.4))}"`)),
      group(`translate(${round(between(random, 470, 640))} 690)`, path('M-170 0 Q0 34 170 0 L130 50 Q0 72 -130 50Z', '#e0752d') + path('M-170 0 Q0 34 170 0 L160 14 Q0 46 -160 14Z', '#fff', 'opacity=".4"') + times(5, (i) => person(-92 + i * 46, 16 + (i % 2) * 4, 92, COATS[(i + 1) % 6])) + line('M120 -60 L176 80', '#5b3f2b', 7)),
      rainfall(random),
    ].join('');
  },

  school(light, random) {
    return [
      sky(light, random, { horizon: 560, sunAt: [between(random, 180, 420), between(random, 130, 230)] }), ranges(light, random, 430, 50, 2), times(9, () => tree(random, random() * W, between(random, 560, 590), between(random, 150, 230), light.hills[2], light.hills[3])),
      rect(150, 380, 900, 220, '#f4e8cf'), polygon('110,384 220,290 980,290 1090,384', '#b5573c'), times(14, (i) => line(`M${230 + i * 57} 292 L${160 + i * 68} 384`, '#000', 2, 'opacity=".13"')), rect(150, 560, 900, 40, '#3f7a78'),
      times(8, (i) => (i === 3 || i === 4 ? '' : rect(190 + i * 110, 430, 74, 84, '#7fb4bd', 'rx="4"') + rect(225 + i * 110, 430, 5, 84, '#f4e8cf') + rect(190 + i * 110, 468, 74, 5, '#f4e8cf'))), rect(528, 420, 148, 180, '#6a4632', 'rx="4"'), rect(600, 420, 5, 180, '#43291c'), polygon('490,424 602,352 714,424', '#f8f1e1'), circle(602, 398, 15, light.accent),
      rect(0, 598, W, 210, '#b9a27a'), rect(0, 598, W, 30, light.hills[2], 'opacity=".7"'), rect(0, 598, W, 210, '#000', `opacity="${light.dim * 0.3}"`),
      rect(866, 270, 8, 380, '#e9e9e4'), rect(874, 276, 116, 36, '#c8322b'), rect(874, 312, 116, 36, '#fbfaf5'),
      times(17, (i) => { const py = 650 + (i % 3) * 52; return person(100 + i * 64 + between(random, -14, 14), py, 82 + (i % 3) * 22, '#fbf6ea') + rect(100 + i * 64 - 14, py - 34, 0, 0, 'none'); }), times(6, () => tree(random, pick(random, [between(random, -10, 60), between(random, 1140, 1210)]), 790, between(random, 110, 170), light.hills[3], light.hills[3])),
    ].join('');
  },

  turbines(light, random) {
    const turbine = (x, y, size, colour) => { const turn = random() * 120; return path(`M${round(x - size * 0.025)} ${y} L${round(x - size * 0.01)} ${round(y - size)} H${round(x + size * 0.01)} L${round(x + size * 0.025)} ${y}Z`, colour) + times(3, (i) => group(`translate(${round(x)} ${round(y - size)}) rotate(${round(turn + i * 120)})`, path(`M0 0 Q${round(size * 0.05)} ${round(-size * 0.16)} 0 ${round(-size * 0.6)} Q${round(-size * 0.02)} ${round(-size * 0.2)} 0 0Z`, colour))) + circle(x, y - size, size * 0.026, colour); };
    const white = light.dim > 0.5 ? '#d8cfe0' : '#fdfdf8';
    return [
      sky(light, random, { horizon: 560, sunAt: [between(random, 250, 950), between(random, 260, 430)] }), hills(random, 470, 90, light.hills[0]), times(6, (i) => turbine(120 + i * 200 + between(random, -50, 50), 490, between(random, 150, 190), white)),
      hills(random, 560, 80, light.hills[1]), times(4, (i) => turbine(200 + i * 280 + between(random, -60, 60), 600, between(random, 260, 330), white)), hills(random, 650, 70, light.hills[2]), turbine(between(random, 300, 420), 720, 520, white), turbine(between(random, 840, 960), 740, 470, white), hills(random, 745, 40, light.hills[3]),
      times(5, () => tree(random, random() * W, 790, between(random, 60, 110), light.hills[3], light.hills[3])),
    ].join('');
  },

  observatory(light, random) {
    const x = between(random, 420, 700);
    return [
      sky(light, random, { horizon: 700, sunAt: [between(random, 900, 1080), between(random, 110, 180)], clouds: 1 }),
      light.dim > 0.8 ? times(230, () => { const t = random(); const spread = between(random, -1, 1) * 90; return circle(t * 1300 - 50 + spread * 0.3, 520 - t * 460 + spread, between(random, 0.8, 2.6), '#dfe9ff', `opacity="${round(between(random, 0.2, 0.8))}"`); }) : '',
      hills(random, 560, 110, light.hills[0]), hills(random, 630, 80, light.hills[1]), hills(random, 690, 60, light.hills[2]),
      group(`translate(${round(x)} 700)`, rect(-150, -150, 300, 160, '#e7e3da') + rect(40, -150, 110, 160, '#000', 'opacity=".14"') + path('M-170 -150 A170 170 0 0 1 170 -150Z', '#f6f4ee') + path('M40 -314 A170 170 0 0 1 170 -150 H70 A200 200 0 0 0 40 -314Z', '#000', 'opacity=".1"') + path('M-26 -150 V-318 A170 170 0 0 1 52 -312 V-150Z', '#2a3342') + group('rotate(24 10 -220)', rect(-12, -360, 44, 190, '#cfd6df', 'rx="8"') + rect(-18, -372, 56, 22, '#8793a3', 'rx="5"')) + rect(-178, -160, 356, 20, '#c9c3b6') + rect(-24, -70, 48, 80, '#4a3a32', 'rx="4"') + windows(light, random, -140, -130, 100, 70, { size: 15, chance: 0.8 })),
      hills(random, 735, 30, light.hills[3]), times(12, () => tree(random, random() * W, between(random, 745, 790), between(random, 50, 110), light.hills[3], light.hills[3])), times(2, (i) => person(x + 210 + i * 46, 738, 62, COATS[i])),
    ].join('');
  },

  kitchen(light, random) {
    const bowl = (x, y, size, colour, soup) => group(`translate(${round(x)} ${round(y)}) scale(${size})`, ellipse(0, 96, 150, 20, '#000', 'opacity=".18"') + path('M-170 0 Q-150 104 -60 108 H60 Q150 104 170 0Z', colour) + path('M40 0 Q40 80 20 108 H60 Q150 104 170 0Z', '#000', 'opacity=".12"') + ellipse(0, 0, 170, 44, '#fbf5e6') + ellipse(0, 2, 150, 36, soup) + times(14, () => ellipse(between(random, -110, 110), between(random, -16, 20), between(random, 8, 20), between(random, 5, 11), pick(random, ['#5f9a46', '#f5e2a8', '#d8492f', '#fff4d4', '#8bbf56']))) + line('M-110 40 Q-60 62 0 60 T112 38', '#fff', 6, 'opacity=".35"'));
    const steam = (x) => times(3, (i) => line(`M${round(x - 40 + i * 40)} 380 q-26 -46 0 -86 t0 -86 t0 -70`, '#fff', 11, `opacity="${0.32 - i * 0.06}"`));
    return [
      `<defs>${gradient('wall', [light.sky[1], light.second])}</defs>`, rect(0, 0, W, H, 'url(#wall)'), times(60, (i) => rect((i % 12) * 101 + (Math.floor(i / 12) % 2) * 50 - 50, Math.floor(i / 12) * 92, 98, 89, '#fff', `opacity="${round(between(random, 0.06, 0.2))}" rx="4"`)), rect(0, 470, W, 340, '#9c6b43'), rect(0, 470, W, 16, '#b98557'), times(5, (i) => rect(0, 540 + i * 60, W, 3, '#000', 'opacity=".1"')),
      rect(120, 90, 960, 14, '#5b3f2b'), times(6, (i) => line(`M${200 + i * 160} 104 V${150 + (i % 3) * 20}`, '#3b2a20', 5) + circle(200 + i * 160, 190 + (i % 3) * 20, 40, pick(random, ['#3d4247', '#a8602f', '#c58a3c'])) + ellipse(200 + i * 160, 182 + (i % 3) * 20, 28, 24, '#fff', 'opacity=".12"')),
      steam(600), steam(260), bowl(260, 500, 0.72, '#2f6f7e', '#e6b04b'), bowl(960, 510, 0.7, '#8c4a3a', '#c9743b'), bowl(610, 560, 1.25, pick(random, COATS), '#e3a03c'),
      group('translate(890 690) rotate(-12)', rect(-190, -6, 380, 9, '#4a3023', 'rx="4"') + rect(-186, 16, 380, 9, '#5d3d2c', 'rx="4"')), times(9, () => path(`M${round(between(random, 120, 400))} ${round(between(random, 660, 760))} q40 -34 70 0 q-30 34 -70 0Z`, pick(random, ['#4f8f3f', '#c0342b', '#6fae4a']))),
    ].join('');
  },

  weave(light, random) {
    const hues = [pick(random, ['#7b2d26', '#23395b', '#2f4f3e']), '#e9c46a', '#f4ead5', pick(random, ['#c1622d', '#8d5a97', '#3b7a8c'])];
    const size = 120;
    return rect(0, 0, W, H, hues[0]) + times(10 * 7, (i) => {
      const [x, y] = [(i % 10) * size + size / 2, Math.floor(i / 10) * size + size / 2 - 20];
      const kind = (i + Math.floor(i / 10)) % 2;
      const petals = kind ? times(8, (k) => group(`rotate(${k * 45})`, path('M0 -8 Q15 -30 0 -54 Q-15 -30 0 -8Z', k % 2 ? hues[1] : hues[3]))) + circle(0, 0, 11, hues[2])
        : polygon('0,-52 52,0 0,52 -52,0', 'none', `stroke="${hues[1]}" stroke-width="4"`) + polygon('0,-34 34,0 0,34 -34,0', hues[3]) + polygon('0,-17 17,0 0,17 -17,0', hues[2]) + times(4, (k) => group(`rotate(${k * 90 + 45})`, circle(0, -50, 5, hues[2])));
      return group(`translate(${x} ${y})`, petals);
    }) + times(9, (i) => line(`M0 ${40 + i * size - 20} H1200`, hues[2], 2, 'opacity=".35" stroke-dasharray="3 11"')) + rect(0, 0, W, H, light.sky[0], `opacity="${0.05 + light.dim * 0.25}"`);
  },

  books(light, random) {
    const shelf = (y) => { let x = 60; let out = ''; while (x < 1120) { const w = between(random, 24, 58); const h = between(random, 120, 178); const c = pick(random, [...COATS, '#e9dcc0', '#34495e', '#8e3b46', '#40695d']); const tilt = random() < 0.08 ? 8 : 0; out += group(`translate(${round(x)} ${y}) rotate(${tilt})`, rect(0, -h, w - 3, h, c, 'rx="3"') + rect(4, -h + 16, w - 11, 6, '#fff', 'opacity=".5"') + rect(4, -36, w - 11, 10, '#fff', 'opacity=".3"')); x += w + (tilt ? 26 : 0) + (random() < 0.06 ? 50 : 0); } return out + rect(30, y, 1140, 22, '#6e4a30') + rect(30, y + 16, 1140, 6, '#000', 'opacity=".2"'); };
    return [
      `<defs>${gradient('wall', [light.hills[2], light.hills[3]])}</defs>`, rect(0, 0, W, H, 'url(#wall)'), rect(20, 0, 20, H, '#5a3b26'), rect(1160, 0, 20, H, '#5a3b26'), shelf(205), shelf(425), shelf(645), rect(0, 690, W, 110, '#4b3222'), circle(940, 330, 330, light.lamp, 'opacity=".16"'),
      group('translate(880 790)', rect(-12, -230, 24, 210, '#c29a4b') + path('M-120 -220 L-70 -350 H70 L120 -220Z', light.lamp) + ellipse(0, -16, 86, 18, '#8a6a2f')), group('translate(380 772)', path('M0 0 Q-90 -52 -210 -24 V-80 Q-90 -106 0 -56Z', '#fbf4e2') + path('M0 0 Q90 -52 210 -24 V-80 Q90 -106 0 -56Z', '#f0e5cb') + times(4, (i) => line(`M-190 ${-70 + i * 13} Q-96 ${-90 + i * 13} -18 ${-52 + i * 13} M190 ${-70 + i * 13} Q96 ${-90 + i * 13} 18 ${-52 + i * 13}`, '#9a8a6c', 2.5, 'opacity=".6"'))),
    ].join('');
  },
};
