// What the pages say while they run. WORDS stands above, written when the site is published: by language.

// Give the words of a language, English where there are none.
export function wordsFor(language) {
  return WORDS[language.toLowerCase().split("-")[0]] ?? WORDS.en;
}

// The words of the page one is on.
export const words = wordsFor(document.documentElement.lang);

// Put values in for what stands in braces.
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
