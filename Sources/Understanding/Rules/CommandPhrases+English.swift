import Core
import Language

extension CommandPhrases {
  static func phrases(for locale: LocaleTag) -> CommandPhrases { english }

  static let english = CommandPhrases(
    book: Phrasebook([
      "cancel": .cancel, "cancel that": .cancel, "cancel this": .cancel, "cancel it": .cancel, "never mind": .cancel,
      "nevermind": .cancel, "forget it": .cancel, "forget that": .cancel, "forget about it": .cancel, "stop": .cancel,
      "stop it": .cancel, "stop this": .cancel, "abort": .cancel, "quit": .cancel, "cancel everything": .cancel,
      "cancel the whole thing": .cancel, "leave it": .cancel, "i changed my mind": .cancel, "don't bother": .cancel,
      "i don't want to do this anymore": .cancel, "i don't want this anymore": .cancel, "drop it": .cancel,
      "let's not do that": .cancel, "let's not do this": .cancel, "i don't want to anymore": .cancel,
      "scrap that": .cancel,
      "repeat": .repeatLast, "repeat that": .repeatLast, "repeat it": .repeatLast, "repeat the question": .repeatLast,
      "say that again": .repeatLast, "say it again": .repeatLast, "again": .repeatLast, "what": .repeatLast,
      "what did you say": .repeatLast, "what was that": .repeatLast, "come again": .repeatLast, "pardon": .repeatLast,
      "pardon me": .repeatLast, "excuse me": .repeatLast, "huh": .repeatLast, "one more time": .repeatLast,
      "once more": .repeatLast,
      "i didn't catch that": .repeatLast, "i didn't hear you": .repeatLast, "i didn't hear that": .repeatLast,
      "i didn't get that": .repeatLast, "what was the question": .repeatLast, "what's the question": .repeatLast,
      "i didn't understand that": .repeatLast, "i didn't understand": .repeatLast, "read that back": .repeatLast,
      "say again": .repeatLast, "what did you just say": .repeatLast, "tell me again": .repeatLast,
      "repeat what you said": .repeatLast,
      "hold on": .hold, "hang on": .hold, "wait": .hold, "wait a second": .hold, "wait a moment": .hold,
      "wait a minute": .hold,
      "one moment": .hold, "one second": .hold, "just a moment": .hold, "just a second": .hold, "just a minute": .hold,
      "a moment": .hold, "a second": .hold, "give me a second": .hold, "give me a moment": .hold,
      "give me a minute": .hold,
      "hold on a second": .hold, "hold on a moment": .hold, "hold on a minute": .hold, "hang on a second": .hold,
      "hang on a minute": .hold, "let me check": .hold, "let me find it": .hold, "let me look": .hold,
      "let me see": .hold,
      "let me get it": .hold, "let me look it up": .hold, "let me look for it": .hold, "bear with me": .hold,
      "just a sec": .hold, "one sec": .hold,
      "goodbye": .goodbye, "good bye": .goodbye, "bye": .goodbye, "bye bye": .goodbye, "hang up": .goodbye,
      "see you": .goodbye,
      "end the call": .goodbye, "have a nice day": .goodbye, "have a good day": .goodbye, "that's all bye": .goodbye,
      "start over": .restart, "let's start over": .restart, "restart": .restart, "start again": .restart,
      "begin again": .restart,
      "start from the beginning": .restart, "go back to the beginning": .restart, "main menu": .restart,
      "let's start again": .restart,
      "go back to the start": .restart, "start from scratch": .restart,
      "skip": .skip, "skip it": .skip, "skip this": .skip, "skip that": .skip, "skip this question": .skip,
      "skip that question": .skip,
      "skip the question": .skip, "next question": .skip, "leave that out": .skip, "leave it out": .skip, "pass": .skip,
      "i'd rather not say": .skip, "i don't want to say": .skip,
    ]),
    frame: PhraseSet([
      "please", "um", "uh", "er", "okay", "ok", "well", "so", "oh", "hey", "hi", "hello", "sorry", "thanks",
      "thank you", "yeah", "yes",
      "now", "actually", "just", "no", "right now", "for me", "alright", "all right", "hmm", "ah", "then", "sir",
      "ma'am",
    ]),
    openings: PhraseSet([
      "i want to", "i want you to", "i'd like to", "i would like to", "can you", "could you", "can i", "could i",
      "may i", "would you",
      "will you", "let me", "i need to", "i have to", "i wanna", "i'd rather", "i would rather", "i'd prefer to",
      "let's", "you can",
      "just", "please", "i want", "i need", "i'd like", "i would like", "is there", "do you have",
    ]),
    reachVerbs: PhraseSet([
      "talk to", "speak to", "speak with", "talk with", "connect me to", "connect me with", "transfer me to",
      "put me through to",
      "get me", "give me", "get", "connect to", "pass me to", "hand me over to", "reach", "transfer to", "have",
    ]),
    reachFillers: PhraseSet([
      "a", "an", "the", "your", "some", "any", "real", "live", "actual", "human", "customer service",
      "customer support", "another", "one of your",
      "service", "my", "support", "different",
    ]),
    people: PhraseSet([
      "person", "human", "human being", "agent", "operator", "representative", "rep", "somebody", "someone", "manager",
      "supervisor", "people",
      "employee", "colleague", "customer service", "customer support", "human beings", "agents", "somebody else",
      "someone else", "someone real",
      "advisor", "staff", "live agent", "service representative", "real person",
    ]))
}
