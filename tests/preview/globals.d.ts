// The two libraries that the page loads before its own script.
declare const Idiomorph: {
  morph(old: Element, html: string, options: { morphStyle: "outerHTML" | "innerHTML" }): Node[];
};
declare class uPlot {
  constructor(options: object, data: (number | null)[][], into: HTMLElement);
  readonly series: object[];
  setData(data: (number | null)[][]): void;
  destroy(): void;
}
