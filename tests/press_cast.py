"""Certificates in seven languages for the tests of the press: invented people with short and with long names."""

from dataclasses import replace
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from elearn.core.credential.page import CertificatePage, CertificateWords, Signatory
from elearn.core.credential.payload import CertificateClaims, encode

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

SHORT = {
    "en": "Mara Lim",
    "km": "សុខ ដារា",
    "lo": "ບຸນມີ ແກ້ວ",
    "my": "ဦးလှ",
    "th": "ใจ ดี",
    "vi": "Lê An",
    "zh_Hans": "李娜",
}
LONG = {
    "en": "Police Lieutenant Colonel Wilhelmina Alexandra Montgomery-Featherstonehaugh of Battambang",
    "km": "លោកស្រី វរសេនីយ៍ឯក ចាន់ សុវណ្ណារ៉ា មុនីរ័ត្នវិបុលលក្ខណ៍ ព្រះចន្ទកញ្ញាសិរីវឌ្ឍនា",
    "lo": "ພັນໂທ ນາງ ວັນນະພາ ສີສຸວັນນະວົງ ໄຊຍະສິດເດດ ພົມມະວິໄຊ ຄຳບົວລະພັນທຸວົງ",
    "my": "ဒုတိယရဲမှူးကြီး ဒေါ်ခင်မျိုးချစ်သန္တာလှိုင်ဝင်းနွယ်နီလာထွန်းသီတာရွှေရည်ကျော်",
    "th": "พันตำรวจโทหญิง หม่อมหลวงสุภาภรณ์พรรณราย ศรีสวัสดิ์วรโชติธนพัฒน์กุลชัยรัตนาภรณ์",
    "vi": "Trung tá Nguyễn Phúc Công Tằng Tôn Nữ Thị Phương Thảo Quỳnh Nguyệt Ánh Tuyết Hương Giang",
    "zh_Hans": "阿卜杜热合曼·买买提图尔逊·吐尔洪江·阿布都克里木",
}
WORDS = {
    "en": CertificateWords(
        heading="Certificate of completion",
        awarded_to="This certificate is awarded to",
        has_completed="for completing the course and passing its final examination",
        course_title="Interdiction at borders",
        number_label="Certificate number",
        version_label="Course version",
        version="1.2",
        score_label="Score",
        score="92 %",
        issued_label="Issued on",
        issued="24 November 2026",
        expires_label="Valid until",
        expires="23 November 2028",
        verify_hint="Scan the code, or type the number on the checking page of any post. No line is needed.",
        outcome="Outcome 1.2: border officers detect and intercept precursors in line with agreed practice.",
    ),
    "km": CertificateWords(
        heading="វិញ្ញាបនបត្របញ្ចប់វគ្គសិក្សា",
        awarded_to="វិញ្ញាបនបត្រនេះប្រគល់ជូន",
        has_completed="ដែលបានបញ្ចប់វគ្គសិក្សា និងប្រឡងជាប់",
        course_title="ការស្កាត់ចាប់នៅតាមព្រំដែន",
        number_label="លេខវិញ្ញាបនបត្រ",
        version_label="កំណែវគ្គសិក្សា",
        version="១.២",
        score_label="ពិន្ទុ",
        score="៩២ %",
        issued_label="ចេញនៅថ្ងៃទី",
        issued="២៤ វិច្ឆិកា ២០២៦",
        expires_label="មានសុពលភាពដល់",
        expires="២៣ វិច្ឆិកា ២០២៨",
        verify_hint="ស្កេនកូដ ឬវាយលេខនៅលើទំព័រផ្ទៀងផ្ទាត់នៃប៉ុស្តិ៍ណាមួយ។ មិនត្រូវការអ៊ីនធឺណិតទេ។",
        outcome="លទ្ធផល ១.២៖ មន្ត្រីព្រំដែនរកឃើញ និងស្កាត់ចាប់សារធាតុផ្សំស្របតាមការអនុវត្តដែលបានព្រមព្រៀង។",
        draft="សេចក្តីព្រាងការបកប្រែ មិនទាន់ពិនិត្យ",
    ),
    "lo": CertificateWords(
        heading="ໃບຢັ້ງຢືນການສຳເລັດຫຼັກສູດ",
        awarded_to="ໃບຢັ້ງຢືນນີ້ມອບໃຫ້",
        has_completed="ທີ່ໄດ້ຮຽນຈົບຫຼັກສູດ ແລະ ສອບເສັງຜ່ານ",
        course_title="ການສະກັດກັ້ນຢູ່ຊາຍແດນ",
        number_label="ເລກທີໃບຢັ້ງຢືນ",
        version_label="ສະບັບຫຼັກສູດ",
        version="1.2",
        score_label="ຄະແນນ",
        score="92 %",
        issued_label="ອອກໃຫ້ວັນທີ",
        issued="24 ພະຈິກ 2026",
        expires_label="ໃຊ້ໄດ້ເຖິງ",
        expires="23 ພະຈິກ 2028",
        verify_hint="ສະແກນລະຫັດ ຫຼື ພິມເລກທີໃສ່ໜ້າກວດສອບຂອງດ່ານໃດກໍໄດ້. ບໍ່ຕ້ອງໃຊ້ອິນເຕີເນັດ.",
        outcome="ຜົນໄດ້ຮັບ 1.2: ເຈົ້າໜ້າທີ່ຊາຍແດນກວດພົບ ແລະ ສະກັດກັ້ນສານຕັ້ງຕົ້ນຕາມແນວທາງທີ່ໄດ້ຕົກລົງກັນ.",
        draft="ສະບັບແປຮ່າງ ຍັງບໍ່ທັນກວດຄືນ",
    ),
    "my": CertificateWords(
        heading="သင်တန်းပြီးဆုံးကြောင်း လက်မှတ်",
        awarded_to="ဤလက်မှတ်ကို ချီးမြှင့်သူ",
        has_completed="သင်တန်းကို ပြီးဆုံးပြီး နောက်ဆုံးစာမေးပွဲ အောင်မြင်ခဲ့သည်",
        course_title="နယ်စပ်တွင် တားဆီးဖမ်းဆီးခြင်း",
        number_label="လက်မှတ်အမှတ်",
        version_label="သင်တန်းဗားရှင်း",
        version="၁.၂",
        score_label="ရမှတ်",
        score="၉၂ %",
        issued_label="ထုတ်ပေးသည့်ရက်",
        issued="၂၀၂၆ နိုဝင်ဘာ ၂၄",
        expires_label="သက်တမ်းကုန်ဆုံးရက်",
        expires="၂၀၂၈ နိုဝင်ဘာ ၂၃",
        verify_hint="ကုဒ်ကို စကင်ဖတ်ပါ၊ သို့မဟုတ် မည်သည့်စခန်း၏ စစ်ဆေးရေးစာမျက်နှာတွင်မဆို အမှတ်ကို ရိုက်ထည့်ပါ။ အင်တာနက် မလိုပါ။",
        outcome="ရလဒ် ၁.၂ - နယ်စပ်အရာရှိများသည် သဘောတူထားသော ကျင့်စဉ်အတိုင်း ရှေ့ပြေးဓာတုပစ္စည်းများကို ရှာဖွေတားဆီးသည်။",
        draft="ဘာသာပြန်မူကြမ်း၊ မစစ်ဆေးရသေးပါ",
    ),
    "th": CertificateWords(
        heading="ประกาศนียบัตรสำเร็จหลักสูตร",
        awarded_to="ประกาศนียบัตรนี้มอบให้แก่",
        has_completed="ซึ่งสำเร็จหลักสูตรและสอบผ่านการสอบปลายภาค",
        course_title="การสกัดกั้นที่ชายแดน",
        number_label="เลขที่ประกาศนียบัตร",
        version_label="ฉบับของหลักสูตร",
        version="1.2",
        score_label="คะแนน",
        score="92 %",
        issued_label="ออกให้ ณ วันที่",
        issued="24 พฤศจิกายน 2569",
        expires_label="ใช้ได้ถึง",
        expires="23 พฤศจิกายน 2571",
        verify_hint="สแกนรหัส หรือพิมพ์เลขที่ในหน้าตรวจสอบของด่านใดก็ได้ ไม่ต้องใช้อินเทอร์เน็ต",
        outcome="ผลลัพธ์ 1.2: เจ้าหน้าที่ชายแดนตรวจพบและสกัดกั้นสารตั้งต้นตามแนวปฏิบัติที่ตกลงกัน",
        draft="คำแปลฉบับร่าง ยังไม่ได้ตรวจทาน",
    ),
    "vi": CertificateWords(
        heading="Chứng chỉ hoàn thành khóa học",
        awarded_to="Chứng chỉ này được trao cho",
        has_completed="đã hoàn thành khóa học và đạt kỳ thi cuối khóa",
        course_title="Ngăn chặn tại biên giới",
        number_label="Số chứng chỉ",
        version_label="Phiên bản khóa học",
        version="1.2",
        score_label="Điểm",
        score="92 %",
        issued_label="Ngày cấp",
        issued="24 tháng 11, 2026",
        expires_label="Có giá trị đến",
        expires="23 tháng 11, 2028",
        verify_hint="Quét mã, hoặc gõ số vào trang kiểm tra của bất kỳ đồn nào. Không cần mạng.",
        outcome="Kết quả 1.2: cán bộ biên giới phát hiện và ngăn chặn tiền chất theo thông lệ đã thống nhất.",
        draft="Bản dịch nháp, chưa được rà soát",
    ),
    "zh_Hans": CertificateWords(
        heading="结业证书",
        awarded_to="兹授予",
        has_completed="完成课程并通过结业考试",
        course_title="边境拦截",
        number_label="证书编号",
        version_label="课程版本",
        version="1.2",
        score_label="成绩",
        score="92%",
        issued_label="签发日期",
        issued="2026年11月24日",
        expires_label="有效期至",
        expires="2028年11月23日",
        verify_hint="扫描二维码，或在任一站点的查验页面输入编号。无需联网。",
        outcome="成果1.2：边境执法人员按照商定做法发现并拦截前体化学品。",
        draft="译文草稿，尚未审校",
    ),
}
ISSUERS = {
    "en": "Border Training Academy",
    "km": "បណ្ឌិត្យសភាបណ្តុះបណ្តាលព្រំដែន",
    "lo": "ສະຖາບັນຝຶກອົບຮົມຊາຍແດນ",
    "my": "နယ်စပ်လေ့ကျင့်ရေး သိပ္ပံ",
    "th": "สถาบันฝึกอบรมชายแดน",
    "vi": "Học viện Đào tạo Biên giới",
    "zh_Hans": "边境培训学院",
}
UNITS = {
    "en": "Customs, Poipet border post",
    "km": "គយ ប៉ុស្តិ៍ព្រំដែនប៉ោយប៉ែត",
    "lo": "ພາສີ ດ່ານຊາຍແດນບໍ່ແຕນ",
    "my": "အကောက်ခွန်၊ မြဝတီနယ်စပ်စခန်း",
    "th": "ศุลกากร ด่านชายแดนแม่สอด",
    "vi": "Hải quan, cửa khẩu Mộc Bài",
    "zh_Hans": "海关 磨憨口岸",
}
TITLES = {
    "en": "Director of training",
    "km": "នាយកបណ្តុះបណ្តាល",
    "lo": "ຜູ້ອຳນວຍການຝຶກອົບຮົມ",
    "my": "လေ့ကျင့်ရေး ညွှန်ကြားရေးမှူး",
    "th": "ผู้อำนวยการฝึกอบรม",
    "vi": "Giám đốc đào tạo",
    "zh_Hans": "培训主任",
}


def claims_for(language: str, name: str) -> CertificateClaims:
    return CertificateClaims(
        certificate_id="12345678-1234-4234-8234-123456789abc",
        person_name=name,
        course="interdiction-at-borders",
        course_version="1.2",
        score=0.92,
        issued=date(2026, 11, 24),
        expires=date(2028, 11, 23),
        issuer_key_id="0011223344556677",
        language=language,
    )


def page_for(language: str, name: str | None = None, **changed: object) -> CertificatePage:
    """Return a page with a short name, or the one given; any field can be changed."""
    name = name or SHORT[language]
    claims = claims_for(language, name)
    page = CertificatePage(
        language=language,
        local=WORDS[language],
        english=WORDS["en"],
        person_name=name,
        number=claims.number,
        issuer=ISSUERS[language],
        issuer_english=ISSUERS["en"],
        issued=claims.issued,
        payload=encode(claims, KEY.sign),
        unit=UNITS[language],
        unit_english=UNITS["en"],
        signatories=(
            Signatory(SHORT[language], TITLES[language], TITLES["en"]),
            Signatory("Mara Lim", TITLES[language], TITLES["en"]),
        ),
    )
    return replace(page, **changed)  # type: ignore[arg-type]
