// Make the sounds of the line: four harmonics, a soft attack, no files.
//
//   FLASH      10 pulses (3+2, 3+2)  every 5 s      PRIORITY  2  every 20 s
//   IMMEDIATE  3                     every 10 s     ROUTINE   1  once
//   link lost  two falling tones     every 30 s

export type Sound = "FLASH" | "IMMEDIATE" | "PRIORITY" | "ROUTINE" | "LOST";

interface Burst {
  /** When each pulse begins, seconds from the burst's beginning. */
  starts: number[];
  hz: number;
  everyS: number;
  volume: number;
}

const GAP = 0.17;
const group = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at * GAP);

export const BURSTS: Record<Sound, Burst> = {
  FLASH: { starts: [...group(0, 3), ...group(0.68, 2), ...group(1.36, 3), ...group(2.04, 2)], hz: 880, everyS: 5, volume: 0.9 },
  IMMEDIATE: { starts: group(0, 3), hz: 740, everyS: 10, volume: 0.7 },
  PRIORITY: { starts: group(0, 2), hz: 587, everyS: 20, volume: 0.55 },
  ROUTINE: { starts: [0], hz: 494, everyS: Infinity, volume: 0.4 },
  LOST: { starts: [0, 0.35], hz: 520, everyS: 30, volume: 0.7 },
};

const PULSE_S = 0.1;
const HARMONICS = [1, 0.5, 0.33, 0.2];

/** Schedule one burst on the audio clock; it needs no timer once it is scheduled. */
export function burst(context: BaseAudioContext, into: AudioNode, sound: Sound, at: number): void {
  const { starts, hz, volume } = BURSTS[sound];
  starts.forEach((start, number) => {
    const falls = sound === "LOST" ? 1 - 0.3 * number : 1;
    pulse(context, into, hz * falls, at + start, volume, sound === "LOST" ? 0.3 : PULSE_S);
  });
}

function pulse(context: BaseAudioContext, into: AudioNode, hz: number, at: number, volume: number, lengthS: number): void {
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume / 2, at + 0.02);
  gain.gain.setValueAtTime(volume / 2, at + lengthS - 0.03);
  gain.gain.linearRampToValueAtTime(0, at + lengthS);
  gain.connect(into);
  HARMONICS.forEach((share, order) => {
    const tone = context.createOscillator();
    const level = context.createGain();
    tone.frequency.value = hz * (order + 1);
    level.gain.value = share / 2;
    tone.connect(level).connect(gain);
    tone.start(at);
    tone.stop(at + lengthS);
  });
}

/** Render one burst without a loudspeaker, for whoever wants to count its pulses. */
export async function rendered(sound: Sound, seconds = 3): Promise<Float32Array> {
  const rate = 8_000;
  const context = new OfflineAudioContext(1, rate * seconds, rate);
  burst(context, context.destination, sound, 0);
  return (await context.startRendering()).getChannelData(0);
}
