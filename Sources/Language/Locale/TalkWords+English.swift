extension TalkWords {
  static let english = TalkWords(
    yesNo: Phrasebook(yesPhrases.merging(closings) { $1 }.merging(noPhrases) { $1 }.merging(neitherPhrases) { $1 }),
    carriers: PhraseSet([
      "a", "an", "the", "my", "your", "our", "is", "it's", "it", "its", "i'm", "that's", "that", "this", "of", "to",
      "for", "on", "at", "by", "in", "with", "and", "um", "uh", "er", "hmm", "oh", "well", "so", "okay", "ok", "yes",
      "yeah", "yep", "sure", "please", "thanks", "thank you", "just", "like", "would be", "will be", "should be", "was",
      "be",
      "number", "numbers", "order", "customer", "account", "case", "reference", "id", "code", "confirmation", "digits",
      "value", "amount", "date", "day", "time", "name", "email", "phone", "zip", "pin", "i think", "i believe",
      "i guess", "let me see", "let's see", "here", "here's", "we", "i", "have", "got", "it would be", "there", "sir",
      "ma'am", "hi", "hello", "hey", "you know", "make", "make it", "say", "let's say", "i'd like", "i would like",
      "i want", "prefer", "i'd prefer", "maybe", "then", "around", "about", "works", "work", "good", "fine", "great",
      "would", "one", "ones", "option", "number's", "them", "are", "as", "go", "go with", "take", "i'll take",
      "choose", "put", "best", "better", "for me", "me", "us", "all right", "alright", "right", "exactly", "total",
      "morning", "afternoon", "evening", "delivery", "new", "old",
    ]),
    fillers: PhraseSet([
      "um", "uh", "er", "erm", "hmm", "uhm", "ah", "oh", "well", "so", "okay", "ok", "like", "you know", "let me see",
      "let's see", "yeah", "yes", "please", "hi", "hello", "hey", "alright", "all right", "right", "and",
    ]),
    corrections: PhraseSet([
      "no wait", "wait no", "no sorry", "sorry no", "no i meant", "no i mean", "i meant", "i mean", "sorry i meant",
      "sorry i mean", "no actually", "actually no", "or rather", "rather", "make that", "scratch that", "correction",
      "no it's", "no that's", "no it is", "no the", "sorry", "actually", "no no", "no no no", "no",
      "let me correct that",
      "i said", "no i said", "that's wrong", "that is wrong", "that's not right", "that is not right",
      "that's incorrect", "wait", "oops", "my mistake", "i made a mistake", "nope", "sorry it's", "wait it's",
      "actually it's", "i mean it's", "sorry actually", "no wait it's", "no sorry it's", "excuse me", "pardon me",
      "no i want", "i misspoke", "change that to", "change it to", "make it",
    ]),
    strongCorrections: PhraseSet([
      "no wait", "wait no", "no sorry", "sorry no", "no i meant", "no i mean", "i meant", "sorry i meant",
      "sorry i mean", "no actually", "actually no", "or rather", "make that", "scratch that", "correction",
      "let me correct that", "i misspoke", "sorry actually", "no wait it's", "oops",
    ]),
    negators: PhraseSet(["not", "isn't", "wasn't", "it's not", "it is not", "that's not"]),
    negationEnds: PhraseSet([
      "but", "it's", "it is", "that's", "rather", "it should be", "should be", "i said", "i meant",
    ]),
    nameCarriers: PhraseSet([
      "my name is", "my name's", "the name is", "the name's", "name is", "name's", "this is", "it's", "it is", "i'm",
      "i am", "um", "uh", "yes", "yeah", "sure", "hi", "hello", "okay", "well", "so", "my full name is", "that's",
      "that is", "my first name is", "my last name is", "call me", "you can call me", "oh", "it would be", "under",
      "the order is under", "it's under",
    ]),
    notNames: PhraseSet([
      "want", "is", "are", "the", "my", "order", "what", "where", "why", "how", "when", "who", "need", "can", "could",
      "would", "do", "don't", "does", "not", "no", "yes", "please", "help", "cancel", "stop", "agent", "person",
      "operator", "repeat", "number", "address", "have", "has", "to", "you", "me", "it", "know", "tell", "why",
      "speak", "talk", "human", "representative", "delivery", "package", "again", "wait", "hold", "sorry", "change",
      "something", "else", "with", "for", "about", "your", "that", "this", "if", "back", "never", "mind", "goodbye",
      "bye", "thanks", "thank", "okay", "ok", "nothing", "with", "because", "was", "were", "i", "a", "an", "at", "in",
    ]),
    answerCarriers: PhraseSet([
      "my new address is", "the new address is", "my address is", "the address is", "new address is", "address is",
      "it's", "it is", "that's", "that is", "that would be", "it would be", "it will be", "to", "send it to",
      "ship it to", "deliver it to", "please send it to", "please deliver it to", "please ship it to", "um", "uh",
      "well", "okay", "ok", "yes", "yeah", "sure", "so", "oh", "hmm", "er", "alright", "all right", "i live at",
      "i now live at", "i moved to", "we moved to", "i've moved to", "we live at", "my new one is",
      "the new one is", "change it to", "please change it to", "make it", "can you send it to", "can you make it",
      "i'd like it sent to", "i want it sent to", "my new address will be", "my new address would be",
      "the delivery address is", "my delivery address is", "the new delivery address is", "deliver to", "ship to",
      "send to", "no problem", "of course", "hi", "please", "use",
    ]),
    answerTails: PhraseSet(["please", "thanks", "thank you", "thank you very much", "that's it", "that is it"]),
    thanks: PhraseSet([
      "thanks", "thank you", "thank you very much", "thank you so much", "thanks a lot", "many thanks", "cheers",
    ]),
    addressLeads: ["to", "is", "at"],
    unfinished: PhraseSet([
      "and", "or", "but", "um", "uh", "er", "erm", "uhm", "the", "a", "an", "my", "your", "is", "to", "of", "for",
      "with", "because", "if", "at", "from", "like", "i", "i'm", "it's", "i'd", "i'll", "i've", "we", "their", "are",
      "was", "will", "would", "can", "could", "should", "order number", "the number", "my number", "customer number",
      "number's", "about", "then", "in", "on", "by", "whether", "which", "than", "as", "want to", "need to", "no wait",
      "wait", "i mean", "i meant", "i think", "let me see", "let's see", "let me check", "double", "triple", "and then",
      "number is", "name is", "address is", "dash", "dot", "sorry", "plus", "underscore", "has", "have", "its",
      // verbs that want an object
      "please check", "to check", "please move", "to move", "please change", "to change", "please open", "to open",
      "to report", "to know", "to make", "to ask", "to get", "to find", "tell me", "ask you", "can you tell",
    ]),
    finished: [
      ["it", "is"], ["that", "is"], ["there", "is"], ["he", "is"], ["she", "is"], ["this", "is"], ["they", "are"],
      ["you", "are"], ["it", "was"], ["hold", "on"], ["hang", "on"], ["come", "on"], ["go", "on"], ["log", "in"],
      ["sign", "in"], ["i", "have"], ["i", "can"], ["i", "will"], ["i", "would"], ["so", "am", "i"], ["who", "for"],
      ["what", "for"], ["i'm", "sorry"], ["was", "it"], ["just", "wait"], ["can", "wait"], ["please", "wait"],
      ["i", "could"], ["come", "in"], ["i", "should"], ["i", "want", "to"],
      ["order", "is"], ["parcel", "is"], ["package", "is"], ["delivery", "is"],
    ],
    greetings: PhraseSet([
      "hello", "hi", "hey", "hello there", "hi there", "good morning", "good afternoon", "good evening", "good day",
    ]),
    backchannels: PhraseSet([
      "mhm", "mm hmm", "mm", "mmm", "hm", "hmm", "uh huh", "uhhuh", "okay", "ok", "right", "yeah", "yes", "yep", "yup",
      "sure",
      "i see", "got it", "gotcha", "alright", "all right", "aha", "ah", "oh", "good", "great", "fine", "cool", "nice",
      "perfect", "thanks", "thank you", "i understand", "understood", "of course", "oh okay", "exactly", "true", "wow",
      "uh", "um", "interesting", "that's right", "correct", "makes sense", "go on", "no problem", "fair enough",
    ]),
    interruptions: PhraseSet([
      "stop", "wait", "no", "hold on", "hang on", "excuse me", "actually", "but", "one moment", "one second",
      "just a second", "just a moment", "a second", "shut up", "listen", "cancel", "nope", "be quiet", "hey",
      "pardon", "sorry", "agent", "operator", "person", "human", "representative", "enough", "never mind", "nevermind",
      "forget it", "repeat", "what", "let me", "can i", "may i", "quiet", "pause", "skip", "that's wrong",
      "that's not", "not that", "don't",
    ]),
    hallucinations: PhraseSet([
      "you", "the", "thanks for watching", "thank you for watching", "subscribe", "music", "applause", "a", "i",
      "silence", "blank audio", "laughter", "bye bye bye", "please subscribe", "and", "of", "to be continued", "so",
      "inaudible", "noise", "thank you so much for watching", "the end",
    ]),
    doubtful: PhraseSet([
      "thank you", "thanks", "bye", "okay", "yeah", "oh", "hmm", "thank you very much", "huh", "uh", "um",
    ]),
    choiceOrdinals: Phrasebook([
      "the first": 1, "the second": 2, "the third": 3, "the fourth": 4, "first one": 1, "second one": 2, "third one": 3,
      "the first one": 1, "the second one": 2, "the third one": 3, "option one": 1, "option two": 2, "option three": 3,
      "option 1": 1, "option 2": 2, "option 3": 3, "number one": 1, "number two": 2, "number three": 3, "the former": 1,
      "the latter": 2, "first": 1, "second": 2, "third": 3, "the last one": -1, "the last": -1,
    ]))

  private static let yesPhrases: [String: Int] = [
    "yes": 980, "yeah": 960, "yep": 960, "yup": 960, "ya": 700, "yea": 900, "yes please": 990, "yes it is": 980,
    "sure": 930, "correct": 960, "right": 780, "that's right": 970, "that is right": 970, "that's correct": 980,
    "that is correct": 980, "of course": 940, "please do": 950, "go ahead": 920, "absolutely": 950, "definitely": 950,
    "sounds good": 930, "okay": 800, "ok": 800, "uh huh": 760, "mm hmm": 720, "mhm": 720, "i do": 880, "i am": 780,
    "exactly": 940, "fine": 760, "that's fine": 900, "that is fine": 900, "that works": 930, "works for me": 930,
    "perfect": 850, "great": 700, "why not": 820, "affirmative": 980, "you bet": 940, "indeed": 920, "alright": 780,
    "all right": 780, "looks good": 920, "please": 700, "confirmed": 940, "i confirm": 970, "confirm": 900,
    "no problem": 760, "do it": 900, "yes do it": 980, "yes go ahead": 990, "true": 850, "it is": 800, "it does": 820,
    "i would": 850, "i'd like that": 920, "i'd love to": 920, "that's it": 780, "that's the one": 940, "yes sir": 970,
    "yes ma'am": 970, "by all means": 930, "sure thing": 940, "no that's right": 700, "no that's correct": 700,
    "that's good": 850, "good": 700, "got it": 600, "totally": 900, "for sure": 930, "not a problem": 750,
    "sounds great": 930, "works": 800, "let's do it": 950, "let's do that": 950, "do that": 880, "i agree": 930,
    "agreed": 930, "accepted": 880, "i accept": 930,
  ]

  /// "That's all", however it is said: with thanks behind it, and surer with a no before it.
  private static let closings: [String: Int] = {
    var phrases: [String: Int] = [:]
    for closing in [
      "that's all", "that is all", "that was all", "that's everything", "that is everything", "that was everything",
      "that'll be all", "that will be all",
    ] {
      for tail in ["", " thanks", " thank you", " oh thank you", " thank you very much", " thanks a lot"] {
        phrases[closing + tail] = -820
        phrases["no " + closing + tail] = -970
      }
    }
    return phrases
  }()

  private static let noPhrases: [String: Int] = [
    "no": -960, "nope": -960, "nah": -940, "no thanks": -980, "no thank you": -980, "not really": -920, "wrong": -900,
    "that's wrong": -960, "that is wrong": -960, "incorrect": -950, "not correct": -950, "that's not right": -960,
    "that is not right": -960, "that's not correct": -960, "that is not correct": -960, "not right": -930,
    "don't": -880, "do not": -880, "please don't": -960, "negative": -930, "never": -850, "i don't": -880,
    "i don't think so": -930, "don't think so": -920, "not yet": -850, "absolutely not": -980, "of course not": -970,
    "definitely not": -970, "it's not": -900, "it isn't": -900, "it is not": -900, "i'm not": -850, "not at all": -920,
    "no way": -960, "no it's not": -970, "no it isn't": -970, "no it's wrong": -970, "no that's wrong": -980,
    "no that's not right": -980, "no that is wrong": -980, "not that": -880, "rather not": -900, "i'd rather not": -930,
    "i would rather not": -930, "no no": -960, "no no no": -970, "false": -850, "it doesn't": -850, "it does not": -850,
    "nothing": -820, "nothing else": -900,
    "no that's it": -950, "no i'm good": -970, "i'm good": -800, "i'm fine": -780, "that will be all": -900,
    "that'll be all": -900, "no i'm fine": -960, "none": -800, "not today": -880, "not now": -880, "no don't": -980,
    "isn't": -800,
    "not this time": -880, "i'm all set": -850, "all set": -800, "don't do it": -960, "don't do that": -960,
    "uh uh": -800,
    "not quite": -850, "not exactly": -850,
  ]

  private static let neitherPhrases: [String: Int] = [
    "right now": 0, "no idea": 0, "don't know": 0, "i don't know": 0, "do not know": 0, "i do not know": 0,
    "not sure": 0, "i'm not sure": 0, "don't understand": 0, "i don't understand": 0, "i do not understand": 0,
    "don't remember": 0,
    "i don't remember": 0, "i don't have": 0, "don't have": 0, "i don't have it": 0, "no one": 0, "right away": 0,
    "all right so": 0, "okay so": 0, "i am not sure": 0, "i'm not": -850, "no clue": 0, "please hold": 0,
    "what's right": 0, "is that right": 0, "is it right": 0, "never mind": 0, "do i": 0, "what do i do": 0,
    "no matter": 0, "not certain": 0, "depends": 0, "it depends": 0, "i am calling": 0, "i'm calling": 0,
    "please wait": 0,
    "please repeat": 0, "right hand": 0, "i don't get it": 0, "i don't care": 0, "i don't see": 0, "i don't want": -860,
    "i do not want": -860, "don't want": -840, "do it again": 0, "i am trying": 0, "i do have": 0, "i do need": 0,
  ]
}
