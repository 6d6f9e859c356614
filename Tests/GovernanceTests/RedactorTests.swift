import Governance
import Testing

@Suite struct RedactorTests {
  @Test(arguments: [
    ("call from +49 30 1234567 failed", "call from <digits> failed"),
    ("order 10473829.", "order <digits>."),
    ("card 4111 1111 1111 1111, next", "card <digits>, next"),
    ("(030) 123-456 rang", "<digits> rang"),
    ("spoken 1 2 3 4 5 6 7", "spoken <digits>"),
    ("mail ada.winter+shop@example.co.uk now", "mail <email> now"),
    ("INVITE sip:ada@10.0.0.1:5060 failed", "INVITE sip:<user>@10.0.0.1:5060 failed"),
    ("to SIPS:+4930123;phone-context=x@pbx", "to SIPS:<user>@pbx"),
    ("dial tel:+441234567", "dial tel:<user>"),
    ("user sip:ada:pass@host", "user sip:<user>@host"),
    ("Jürgen@exämple.de wrote", "<email> wrote"),
  ])
  func `personal data is taken out`(text: String, expected: String) {
    #expect(Redactor.redact(text) == expected)
  }

  @Test(arguments: [
    "status 503 after 1200 ms", "peer 192.168.100.200:5060", "sip:pbx.example.com:5060", "at 12:30", "", "a @ b",
    "5 of 12345",
    "half@", "+", "(",
  ])
  func `what names nobody stays`(text: String) { #expect(Redactor.redact(text) == text) }

  @Test func `random text never keeps six digits in a row, and redacting twice changes nothing`() {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("0123456789 -+()/@.:;sipteläx<>\"")
    for _ in 0..<2_000 {
      let text = String(
        (0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
      let once = Redactor.redact(text)
      var run = 0
      for character in once {
        run = character.isASCII && character.isNumber ? run + 1 : 0
        #expect(run < 6, "\(text)")
      }
      #expect(Redactor.redact(once) == Redactor.redact(Redactor.redact(once)), "\(text)")
    }
  }
}
