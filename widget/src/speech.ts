// Reading aloud and dictating, where the browser can. Both are off until the person asks for them.

interface Recognition extends EventTarget {
  lang: string;
  interimResults: boolean;
  start(): void;
  stop(): void;
}

type RecognitionMaker = new () => Recognition;

const maker = (): RecognitionMaker | undefined => {
  const page = window as unknown as Record<string, RecognitionMaker | undefined>;
  return page["SpeechRecognition"] ?? page["webkitSpeechRecognition"];
};

export const canRead = (): boolean => "speechSynthesis" in window;
export const canDictate = (): boolean => maker() !== undefined;

export function read(text: string): void {
  speechSynthesis.cancel();
  const speech = new SpeechSynthesisUtterance(text.replace(/\*\*/g, "").replace(/https?:\/\/\S+/g, "lien"));
  speech.lang = "fr-FR";
  speechSynthesis.speak(speech);
}

/** Starts to listen; returns what stops it. */
export function dictate(heard: (text: string) => void, ended: () => void): () => void {
  const Maker = maker();
  if (!Maker) return () => undefined;
  const recognition = new Maker();
  recognition.lang = "fr-FR";
  recognition.interimResults = false;
  recognition.addEventListener("result", (event) => {
    const results = (event as unknown as { results: { 0: { transcript: string } }[] }).results;
    heard(Array.from(results, (result) => result[0].transcript).join(" "));
  });
  recognition.addEventListener("end", ended);
  recognition.addEventListener("error", ended);
  recognition.start();
  return () => recognition.stop();
}
