"""What the first programme of the demonstration asks for, and what it gives: pathways and awards. Plain data."""

from __future__ import annotations

PATHWAY = (
    ("module", "P2", 5, "induction"),
    ("module", "S1", 7, "induction"),
    ("module", "M4", 10, "induction"),
    ("module", "D1", 14, "induction"),
    ("practice", "P2", 20, "induction"),
    ("practice", "S1", 21, "induction"),
    ("practice", "M4", 75, "certified"),
    ("practice", "D1", 90, "certified"),
)
"""Only what exists: the pathway asks for the four modules of the demonstration."""

TRAINER_PATHWAY = (
    ("module", "P2", 5, "trainer"),
    ("module", "S1", 10, "trainer"),
    ("module", "M4", 20, "trainer"),
    ("module", "D1", 30, "trainer"),
    ("practice", "M4", 60, "trainer"),
    ("practice", "D1", 60, "trainer"),
)
"""What whoever teaches the others shows once more, in a term of her own."""

AWARDS = (
    {
        "code": "induction",
        "kind": "induction",
        "order": 1,
        "two_people": ["revoke"],
        "gates": ["induction"],
        "valid_months": 6,
        "allows_work_supervised": True,
        "titles": {
            "en": "Certificate of Induction: Peer Health Education",
            "sw": "Cheti cha Mafunzo ya Awali: Elimu Rika ya Afya",
            "fr": "Certificat d’initiation : éducation à la santé par les pairs",
            "pt": "Certificado de Indução: Educação de Pares em Saúde",
        },
    },
    {
        "code": "certified",
        "kind": "certified",
        "order": 2,
        "two_people": ["revoke"],
        "gates": ["induction", "certified"],
        "valid_months": 12,
        "allows_work_alone": True,
        "allows_work_supervised": True,
        "titles": {
            "en": "Certificate of Competence: Peer Health Educator",
            "sw": "Cheti cha Umahiri: Mwelimishaji Rika wa Afya",
            "fr": "Certificat de compétence : éducatrice de santé pour les pairs",
            "pt": "Certificado de Competência: Educadora de Pares em Saúde",
        },
    },
    {
        "code": "record",
        "kind": "record",
        "order": 3,
        "two_people": ["revoke"],
        "gates": [],
        "is_record": True,
        "titles": {
            "en": "Record of Training Completed",
            "sw": "Kumbukumbu ya Mafunzo Yaliyokamilika",
            "fr": "Relevé des formations suivies",
            "pt": "Registo da Formação Concluída",
        },
    },
    {
        "code": "refresher",
        "kind": "refresher",
        "order": 4,
        "two_people": ["revoke"],
        "gates": ["induction", "certified"],
        "needs": ["certified"],
        "attendance_hours": 6,
        "valid_months": 12,
        "allows_work_alone": True,
        "allows_work_supervised": True,
        "titles": {
            "en": "Certificate of Refresher Training: Peer Health Educator",
            "sw": "Cheti cha Mafunzo ya Kujikumbusha: Mwelimishaji Rika wa Afya",
            "fr": "Certificat de remise à niveau : éducatrice de santé pour les pairs",
            "pt": "Certificado de Reciclagem: Educadora de Pares em Saúde",
        },
    },
    {
        "code": "graduation",
        "kind": "graduation",
        "order": 5,
        "two_people": ["revoke"],
        "gates": ["induction", "certified"],
        "needs": ["certified"],
        "after_end": True,
        "titles": {
            "en": "Certificate of Service and Completion",
            "sw": "Cheti cha Utumishi na Kuhitimu",
            "fr": "Certificat de service et d’achèvement",
            "pt": "Certificado de Serviço e Conclusão",
        },
    },
    {
        "code": "trainer",
        "kind": "trainer",
        "order": 6,
        "two_people": ["revoke"],
        "gates": ["trainer"],
        "valid_months": 24,
        "allows_work_alone": True,
        "allows_work_supervised": True,
        "titles": {
            "en": "Certificate: Trainer of Peer Educators",
            "sw": "Cheti: Mkufunzi wa Waelimishaji Rika",
            "fr": "Certificat : formatrice d’éducatrices pour les pairs",
            "pt": "Certificado: Formadora de Educadoras de Pares",
        },
    },
    {
        "code": "passport",
        "kind": "passport",
        "order": 7,
        "two_people": ["revoke"],
        "gates": [],
        "is_record": True,
        "after_end": True,
        "titles": {
            "en": "Career Passport",
            "sw": "Pasipoti ya Kazi",
            "fr": "Passeport professionnel",
            "pt": "Passaporte Profissional",
        },
    },
)
