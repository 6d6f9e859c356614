import Core

extension YesNoWords {
  static let english: YesNoWords = {
    var marks = Phrasebook<Mark>()
    // A later table goes before an earlier one where both have a phrase.
    for (words, mark) in [(leads, Mark.lead), (neutrals, .neutral), (hedges, .hedge), (conditions, .condition)] {
      for phrase in words { marks.add(phrase, mark) }
    }
    for phrase in questions { marks.add(phrase, .question) }
    for phrase in negators { marks.add(phrase, .negator) }
    for phrase in tails + echoes + orders { marks.add(phrase, .tail) }
    for phrase in goingAhead { marks.add(phrase, .yes(920)) }
    for (phrase, permille) in yesPhrases { marks.add(phrase, .yes(permille)) }
    for phrase in refusals { marks.add(phrase, .no(930)) }
    for (phrase, permille) in closings.merging(noPhrases, uniquingKeysWith: { $1 }) { marks.add(phrase, .no(permille)) }
    for (phrase, permille) in doubtfulNoes { marks.add(phrase, .doubtfulNo(permille)) }
    for phrase in notAssent { marks.add(phrase, .hedge) }
    return YesNoWords(
      marks: marks, nods: PhraseSet(["that's it", "that is it", "thats it"]), tags: PhraseSet(tags),
      listener: ["you", "your", "yours", "you're"], spellings: spellings)
  }()

  /// How sure a yes or no is that its speaker is not sure of: whatever stands beside it, nothing is changed by such a yes
  /// (`Confidence.sureToAssent`), and a question that wants a clear answer asks again. Politeness, praise and listeners' sounds
  /// lie just below that, too.
  static let hedged = YesNoAnswer.doubted.permille

  private static let yesPhrases: [String: Int] = [
    "yes": 980, "yeah": 960, "yep": 960, "yup": 960, "yip": 900, "ya": 900, "yea": 900, "yeh": 900, "yah": 900,
    "ye": 900, "aye": 940, "y": 900, "yessir": 970, "yes it is": 980, "yes it does": 980,
    "sure": 930, "surely": 900, "sure thing": 940, "correct": 960, "right": 780, "alright": 780, "all right": 780,
    "that's right": 970, "that is right": 970, "it's right": 950, "it is right": 950, "that's correct": 980,
    "that is correct": 980, "it's correct": 970, "it is correct": 970, "this is correct": 970, "this is right": 950,
    "that's all correct": 970, "all correct": 950, "everything is correct": 970, "everything's correct": 970,
    "everything is right": 960, "that's exactly right": 980, "exactly right": 960, "exactly": 940,
    "that's exactly it": 950, "that's it exactly": 950, "that's the one": 940, "that's true": 900,
    "looks right": 920, "looks right to me": 940, "looks correct": 930, "looks good": 920, "looks good to me": 940,
    "that looks good": 920, "that looks right": 930, "that looks correct": 930, "sounds right": 920,
    "that sounds right": 920, "sounds good": 930, "sounds good to me": 940, "sounds great": 930,
    "that sounds good": 930, "that sounds great": 930, "sounds fine": 920, "that sounds fine": 920,
    "of course": 940, "please do": 950, "please": 690, "go ahead": 920, "go ahead please": 940, "go for it": 920,
    "go on then": 900, "absolutely": 950, "definitely": 950, "certainly": 940, "totally": 900, "naturally": 900,
    "for sure": 930, "without a doubt": 940, "no doubt": 690, "one hundred percent": 930, "100 percent": 930,
    "by all means": 930, "be my guest": 900, "you bet": 940, "indeed": 920, "affirmative": 980, "very well": 900,
    "okay": 800, "ok": 800, "okey": 800, "okey dokey": 860, "okie dokie": 860, "k": 690, "kk": 690, "mkay": 690,
    "uh huh": 720, "uhhuh": 720, "mm hmm": 720, "mm hm": 720, "mmhmm": 720, "mmhm": 720, "mhm": 720, "mhmm": 720,
    "i do": 880, "we do": 880, "i am": 780, "i will": 800, "i would": 850, "it is": 800, "it does": 820, "true": 690,
    "i'm sure": 940, "i am sure": 940, "i'm certain": 940, "i am certain": 940, "i'm positive": 940,
    "fine": 760, "that's fine": 900, "that is fine": 900, "it's fine": 880, "fine by me": 920, "fine with me": 920,
    "that's fine with me": 930, "that's fine by me": 930, "okay with me": 900, "okay by me": 900,
    "that's okay": 880, "that's ok": 880, "that's good": 850, "good": 690, "great": 690, "perfect": 850,
    "excellent": 690, "wonderful": 690, "that's perfect": 920, "that's great": 880, "cool": 690, "works": 800,
    "that works": 930, "works for me": 930, "that works for me": 940, "that would be great": 930,
    "that would be good": 920, "that would be fine": 920, "that'd be great": 930, "that would be nice": 920,
    "that would be perfect": 930, "why not": 690, "i don't see why not": 690, "don't see why not": 690,
    "no problem": 690, "no problem at all": 690, "not a problem": 690, "no objection": 690,
    "no objections": 690, "that's not wrong": 690, "that isn't wrong": 690, "nothing wrong with that": 690,
    "confirm": 900, "confirmed": 940, "i confirm": 970, "i confirm it": 970, "i confirm that": 970,
    "i confirm this": 970, "i can confirm": 960, "i can confirm it": 960, "i can confirm that": 960,
    "i agree": 930, "i agree to that": 950, "i agree with that": 950, "agreed": 930, "i accept": 930,
    "i accept that": 940, "i accept it": 940, "accepted": 880, "i approve": 930, "approved": 920,
    "i guess so": hedged, "i think so": hedged, "i believe so": hedged, "i suppose so": hedged,
    "i'd like that": 920, "i would like that": 920, "i'd love to": 920, "i'd love that": 930, "i want that": 900,
    "i want it": 880, "that's what i want": 930, "that is what i want": 930, "that's what i'd like": 930,
    "that's what i said": 900, "that's what i meant": 900,
    "do it": 900, "do that": 880, "do so": 880, "just do it": 920, "make it so": 900, "proceed": 920,
    "continue": 880, "you can": 880, "you may": 880, "yes you can": 960, "yes you may": 960,
    "let's do it": 950, "let's do that": 950, "let's go": 860, "let's go ahead": 940, "let's go for it": 940,
    "let's proceed": 940,
  ]

  private static let things = [
    "address", "number", "order number", "order", "name", "card", "account", "date", "day", "time", "amount", "one",
    "email", "street", "phone number",
  ]

  /// "That is my address": the thing read back is named again, which alone says nothing to "shall I block it?".
  private static let echoes = ["that's", "that is", "it's", "it is"].flatMap { head in
    things.map { "\(head) my \($0)" }
  }

  /// "Book it": the change in other words. Alone it may as well contradict: "shall I cancel it?"
  private static let orders: [String] = {
    let verbs = [
      "send", "book", "submit", "process", "place", "save", "take", "use", "block", "transfer", "pay", "order",
      "schedule", "reserve", "open", "file", "register", "confirm",
    ]
    let objects = [
      "it", "that", "this", "the change", "the changes", "that change", "the booking", "the appointment",
      "the transfer", "the payment", "the request", "the order",
    ]
    let simple: [String] = verbs.flatMap { verb in objects.map { "\(verb) \($0)" } }.filter {
      !["confirm it", "confirm that"].contains($0)
    }
    return ["", "just ", "let's ", "i want you to ", "i'd like you to "].flatMap { opening in
      simple.map { opening + $0 }
    }
  }()

  /// What goes ahead with whatever was asked.
  private static let goingAhead: [String] = {
    let verbs = ["do", "proceed with", "go ahead with", "go with", "continue with"]
    let simple: [String] =
      verbs.flatMap { verb in ["it", "that", "this"].map { "\(verb) \($0)" } }
      + ["make the change", "make the changes", "make that change", "confirm it", "confirm that"]
    let polite: [String] = [
      "", "go ahead and ", "you can ", "you can go ahead and ", "you may ", "i want you to ", "let's ", "just ",
    ]
    let rights: [String] = ["that's", "that is", "it's", "it is"].flatMap { head in
      ["the right", "the correct"].flatMap { owner in things.map { "\(head) \(owner) \($0)" } }
    }
    return polite.flatMap { opening in simple.map { opening + $0 } } + rights
      + ["you can go ahead", "you may go ahead", "you can proceed", "you may proceed"]
  }()

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
    return phrases.mapValues { -$0 }
  }()

  private static let noPhrases: [String: Int] = [
    "no": 960, "n": 900, "nope": 960, "nah": 940, "no thanks": 980, "no thank you": 980,
    "hell no": 960, "wrong": 900, "that's wrong": 960, "that is wrong": 960, "it's wrong": 950, "this is wrong": 950,
    "the wrong": 900, "is wrong": 920, "incorrect": 950, "that's incorrect": 970, "not correct": 950,
    "that's not right": 960, "that is not right": 960, "that isn't right": 960, "this isn't right": 960,
    "that's not correct": 960, "that is not correct": 960, "that isn't correct": 960, "not right": 930,
    "that's not it": 930, "that isn't it": 930, "that's not what i said": 950, "that's not what i want": 950,
    "that's not what i meant": 950, "i didn't say that": 940, "don't": 880, "do not": 880, "please don't": 960,
    "negative": 930, "never": 850, "i don't": 880, "i do not": 880, "i won't": 900, "i will not": 900,
    "not yet": 850, "absolutely not": 980, "of course not": 970,
    "definitely not": 970, "certainly not": 970, "surely not": 930, "it's not": 900, "it isn't": 900,
    "it is not": 900, "i'm not": 850, "not at all": 920, "no way": 960, "no it's not": 970, "no it isn't": 970,
    "no it's wrong": 970, "no that's wrong": 980, "no that's not right": 980, "no that is wrong": 980,
    "not that": 880, "not that one": 900, "rather not": 900, "i'd rather not": 930, "i would rather not": 930,
    "i'd prefer not to": 930, "i would prefer not to": 930, "no no": 960, "no no no": 970, "false": 850,
    "it doesn't": 850, "it does not": 850, "nothing": 820, "nothing else": 900, "no i'm good": 970, "i'm good": 800,
    "i'm fine": 780, "no i'm fine": 960, "none": 800, "not today": 880, "not now": 880,
    "isn't": 800, "not this time": 880, "i'm all set": 850, "all set": 800, "no that's it": 950, "don't do it": 960,
    "don't do that": 960, "do not do it": 960, "do not do that": 960, "uh uh": 800, "nuh uh": 860, "mm mm": 760,
    "i disagree": 940, "i refuse": 950, "i decline": 940,
    "leave it as it is": 930, "keep the old one": 930, "don't bother": 900,
  ]

  private static let doubtfulNoes: [String: Int] = [
    "not really": 920, "not really no": 920, "i don't think so": 930, "i do not think so": 930, "don't think so": 920,
    "i don't believe so": 930, "i do not believe so": 930, "don't believe so": 920, "i wouldn't say so": 920,
    "i wouldn't say that": 920, "not quite": 850, "not exactly": 850, "not that i know": 920, "not that i know of": 920,
    "not that i'm aware of": 920, "not that i am aware of": 920, "not that i can tell": 920,
    "not that i can think of": 920,
    "not that i noticed": 920, "not that i've noticed": 920, "not that i remember": 920, "not that i recall": 920,
    "not as far as i know": 920, "not as far as i can tell": 920, "not to my knowledge": 920, "i guess not": 920,
    "i suppose not": 920, "i think not": 920, "i hope not": 920, "hopefully not": 920, "probably not": 920,
    "i probably don't": 900, "maybe not": 900, "perhaps not": 900, "possibly not": 900, "presumably not": 900,
    "most likely not": 920,
  ]

  /// "I can't agree to that", "I don't want it".
  private static let refusals: [String] = {
    let verbs = [
      "confirm", "agree", "agree to", "agree with", "accept", "do", "approve", "allow", "authorize", "want", "like",
      "want to", "want to do", "say yes to", "say yes", "send", "change", "book", "make", "go ahead with",
    ]
    let refusing = ["i can't", "i cannot", "i can not", "i won't", "i will not", "i don't", "i do not", "i couldn't"]
    let objects = ["", " that", " this", " it"]
    let mine = refusing.flatMap { head in verbs.flatMap { verb in objects.map { "\(head) \(verb)\($0)" } } }
    let yours = ["don't", "do not"].flatMap { head in
      ["send", "change", "book", "make", "block", "transfer", "pay", "order", "open", "submit", "move"].flatMap {
        verb in
        [" it", " that", " this"].map { "\(head) \(verb)\($0)" }
      }
    }
    return mine + yours
  }()

  private static let neutrals = [
    "ah", "oh", "thanks", "thank you", "thank you very much", "thanks a lot",
    "thank you so much", "sir", "ma'am", "madam", "no worries", "don't worry", "i don't mind",
  ]
  private static let leads = [
    "um", "uh", "er", "erm", "uhm", "hmm", "well", "so", "and", "hello", "hi", "hey", "sorry", "then", "good morning",
  ]
  private static let tails = [
    "please", "then", "right now", "now please", "right away", "for me", "with me", "to me", "at all", "my friend",
    "that's it", "that is it", "i said yes", "and do it", "and do that",
  ]

  /// What says that somebody listens, thinks or knows: no assent.
  private static let notAssent = [
    "i see", "got it", "gotcha", "understood", "i understand", "i know", "makes sense", "fair enough", "go on",
    "all good", "fine thanks", "fine thank you", "interesting", "speaking", "whatever", "yes or no", "yes and no",
    "definitely maybe", "good question", "good morning", "never mind", "hold on", "hang on", "one moment",
    "just a moment", "just a second", "one second", "let me", "right hand", "i heard", "right now i'm",
  ]
  private static let hedges = [
    "maybe", "perhaps", "probably", "possibly", "i guess", "i think", "i suppose", "i believe", "i hope", "i might",
    "kind of", "sort of", "could be", "might be", "hard to say", "depends", "it depends", "not sure", "i'm not sure",
    "i am not sure", "not so sure", "i'm not so sure", "not certain", "i'm not certain", "i don't know", "don't know",
    "i do not know", "do not know", "no idea", "i have no idea", "no clue", "i don't understand", "don't understand",
    "i do not understand", "i don't remember", "don't remember", "i don't get it", "i don't care", "no one",
    "no matter", "let me think", "let me see", "wait", "i'm thinking",
  ]
  private static let conditions = [
    "if", "unless", "but", "only", "except", "as long as", "provided", "providing", "once", "until", "till", "when",
    "after", "before", "first", "though", "although", "however", "instead", "rather", "actually", "make it",
    "make that", "change it", "change that", "change the", "change to", "assuming", "in case", "apart from",
    "other than", "on condition",
  ]
  private static let negators = [
    "not", "never", "nobody", "neither", "nor", "without", "can't", "cannot", "couldn't", "won't", "wouldn't",
    "shouldn't", "doesn't", "didn't", "wasn't", "aren't", "weren't", "haven't", "hasn't", "hardly", "barely",
    "scarcely", "stop", "cancel",
    "unable", "decline", "refuse",
  ]
  private static let questions: [String] = {
    let asking = [
      "what", "who", "whose", "when", "where", "why", "how", "which", "what's", "who's", "where's", "how's",
    ]
    let verbs = [
      "is", "are", "was", "were", "do", "does", "did", "have", "has", "had", "can", "could", "will", "would", "shall",
      "should", "may", "am", "isn't", "aren't", "don't", "doesn't", "didn't", "can't", "won't", "haven't", "must",
    ]
    let subjects = ["i", "you", "he", "she", "it", "we", "they", "that", "this", "there", "the", "my", "your", "those"]
    let ordered: Set<String> = ["do it", "do that", "do this", "don't it", "do the", "do my"]
    let inverted = verbs.flatMap { verb in subjects.map { "\(verb) \($0)" } }.filter { !ordered.contains($0) }
    return asking + inverted + ["really", "sorry what", "pardon", "sure about"]
  }()
  private static let tags = [
    "right", "correct", "yes", "yeah", "okay", "ok", "isn't it", "isn't that", "don't you", "aren't you", "doesn't it",
    "is it", "won't it",
  ]

  private static let spellings = [
    "thats": "that's", "its": "it's", "dont": "don't", "cant": "can't", "wont": "won't", "im": "i'm", "id": "i'd",
    "ill": "i'll", "isnt": "isn't", "wasnt": "wasn't", "didnt": "didn't", "doesnt": "doesn't", "couldnt": "couldn't",
    "wouldnt": "wouldn't", "shouldnt": "shouldn't", "havent": "haven't", "arent": "aren't", "whats": "what's",
    "whos": "who's", "lets": "let's", "ive": "i've", "youre": "you're", "yess": "yes", "yas": "yes", "yeahh": "yeah",
    "yeap": "yep", "yh": "yeah", "okayy": "okay", "oki": "okay", "noo": "no", "nop": "nope", "pls": "please",
    "plz": "please", "thx": "thanks", "ty": "thanks", "rite": "right", "alrite": "alright", "mam": "ma'am",
    "yesssir": "yessir",
  ]
}
