import Core
import Inference
import Testing

@testable import Speech

@Suite("Pronunciation")
struct PronunciationTests {
  func sentences(_ text: String) throws -> [String] {
    PhonemeWriter.sentences(of: try FliteEnglish.loaded().read(text))
  }

  @Test func `lines of the front end become words`() {
    let words = ReadWord.words(in: "better\t(\t)...\t1 b eh/0 t er\n,\t\t\t\nbroken line\n")
    #expect(words.count == 2)
    #expect(
      words[0].syllables == [
        .init(isStressed: true, phones: ["b", "eh"]), .init(isStressed: false, phones: ["t", "er"]),
      ])
    #expect(words[0].before == "(" && words[0].after == ")...")
    #expect(words[1].syllables.isEmpty)
  }

  @Test(arguments: [
    ("Hello world, how are you?", "həlˈoʊ wˈɜːld, hˈaʊ ɑːɹ juː?"),
    ("A better city.", "ɐ bˈɛɾɚ sˈɪɾi."),
    ("The apple's mine", "ði ˈæpəlz mˈaɪn."),
    ("Thirty measures; judge!", "θˈɜːdi mˈɛʒɚz; dʒˈʌdʒ!"),
  ])
  func `words are written as the voice was taught`(text: String, phonemes: String) throws {
    #expect(try sentences(text) == [phonemes])
  }

  @Test func `sentences part at their marks and end in one`() throws {
    let parts = try sentences("Yes. Really?! I see: one - two (three), \"four\"")
    #expect(parts.count == 3)
    #expect(parts.map(\.last) == [".", "?", "."])
    #expect(try sentences("").isEmpty)
    #expect(try sentences(" , ! ").isEmpty)
  }

  @Test func `money, dates and digits are read out`() throws {
    let words = try FliteEnglish.loaded().read("$45.20 on March 21st, 481").map(\.name)
    #expect(words.joined(separator: " ").hasPrefix("forty five dollars twenty cents on march twenty first"))
  }

  @Test func `every phone of the front end has a symbol`() throws {
    let text =
      "aardvark cat cup dawn cow about my boy child dog they men fur late fig home in see judge king lamp man no sing go boy pen red see she ten thin book food vine we yes zoo vision"
    for word in try FliteEnglish.loaded().read(text) {
      let vowels = word.syllables.count
      let written = PhonemeWriter.pronunciation(of: word)
      #expect(
        !written.isEmpty && written.unicodeScalars.count >= word.syllables.flatMap(\.phones).count,
        "\(word.name) \(vowels)")
    }
  }

  @Test func `typographic marks and accents are made readable`() {
    #expect(SpokenText.ascii("Zoë’s “café” – 5 °C…\n漢") == "Zoe's \"cafe\" ,  5  degrees C...  ")
  }
}

@Suite("The shape of speech")
struct SpeechShaperTests {
  func shaped(_ samples: [Float], _ rate: Int) -> [Int16] { SpeechShaper.shaped(samples.span, sampleRate: rate) }

  @Test func `silence at the ends is cut and the level is even`() {
    var samples = [Float](repeating: 0, count: 22050)
    for index in 8000..<12000 { samples[index] = index % 2 == 0 ? 0.1 : -0.1 }
    let shaped = SpeechShaper.shaped(samples.span, sampleRate: 22050)
    let lead = 22050 * 12 / 1000
    #expect(shaped.count == 4000 + lead + 22050 * 60 / 1000)
    #expect(shaped.prefix(lead).allSatisfy { $0 == 0 })
    #expect((shaped.map { abs(Int($0)) }.max() ?? 0) == Int(0.7 * 32767))
  }

  @Test func `nothing but silence gives nothing`() {
    #expect(shaped([Float](repeating: 0.0001, count: 100), 8000).isEmpty)
    #expect(shaped([], 8000).isEmpty)
  }

  @Test func `a clip that begins and ends loud is faded, not cut`() {
    let shaped = shaped([Float](repeating: 0.5, count: 1000), 8000)
    #expect(shaped.count == 1000)
    #expect(shaped[0] < shaped[20] && shaped[20] < shaped[500])
  }
}

@Suite("Flite's own voice")
struct FliteSynthesizerTests {
  @Test func `it speaks without any pack, and faster when asked`() async throws {
    let voice = try FliteSynthesizer(pool: InferencePool(threads: 1))
    let normal = try await voice.synthesize("Your order has been shipped.", voice: VoiceSettings(), deadline: .far)
    #expect(normal.sampleRate == voice.sampleRate)
    #expect((1000...4000).contains(normal.duration.milliseconds))
    let quick = try await voice.synthesize(
      "Your order has been shipped.", voice: VoiceSettings(rate: 1500), deadline: .far)
    #expect(quick.duration.milliseconds < normal.duration.milliseconds * 8 / 10)
  }
}
